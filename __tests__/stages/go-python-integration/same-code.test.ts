import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { loadProject } from '../../../src/project/load.ts'
import { embeddedCheck } from '../../../src/stages/go-python-integration/same-code.ts'
import { faultyMesh, faultyRegistry } from '../../support/faulty-mesh.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf } from '../../support/stage-context.ts'

const ID = 'same-code/packages'

/** A main package that imports these of the module. */
const main = (...imports: readonly string[]) => `package main

import (
${imports.map((path) => `\t_ "example.com/mesh/internal/${path}"`).join('\n')}
)

func main() {}
`

/** A program that starts another, hands SIGTERM on to it and ends as it does. */
const FRONT = `package main

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	child := exec.Command(os.Args[1], os.Args[2:]...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if child.Start() != nil {
		os.Exit(70)
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		<-asked
		child.Process.Signal(syscall.SIGTERM)
	}()
	child.Wait()
	os.Exit(child.ProcessState.ExitCode())
}
`

const MODULE = {
  'go.mod': 'module example.com/mesh\n\ngo 1.24\n',
  'internal/store/store.go': 'package store\n',
  'internal/routes/routes.go': 'package routes\n\nimport _ "example.com/mesh/internal/store"\n',
  'internal/prompt/prompt.go': 'package prompt\n',
  'cmd/mcp-mesh-registry/main.go': main('routes'),
}

/** A project with these two commands in Go; its registries are the small ones all the same. */
function meshWith(files: Readonly<Record<string, string>>, embedded = faultyRegistry(), go = {}) {
  const commands = { registry: './cmd/mcp-mesh-registry', cli: './cmd/mcp-mesh-dev' }
  return faultyMesh({ go: { commands, ...go }, files: { ...MODULE, ...files }, deployments: { embedded } })
}

/** The check alone, of a project whose registries nobody has started. */
function packagesCheck(directory: string) {
  return embeddedCheck(loadProject({ directory }), undefined, undefined, new AbortController().signal)
}

describeWith(['go', 'python3'])('the registry in the CLI', () => {
  test('is the same where every package of the registry is in the CLI', async () => {
    await using mesh = await meshWith({ 'cmd/mcp-mesh-dev/main.go': main('routes', 'prompt') })
    const result = await mesh.integrate({ deployments: ['embedded'] })
    expect(checkOf(result, ID)).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(
        /^all 2 packages of \.\/cmd\/mcp-mesh-registry are in \.\/cmd\/mcp-mesh-dev$/,
      ),
    })
  })

  test('is another where one is lacking, which is named', async () => {
    await using mesh = await meshWith({ 'cmd/mcp-mesh-dev/main.go': main('store', 'prompt') })
    const result = await mesh.integrate({ deployments: ['embedded'] })
    expect(checkOf(result, ID)).toMatchObject({
      verdict: 'fail',
      detail: './cmd/mcp-mesh-dev lacks example.com/mesh/internal/routes of ./cmd/mcp-mesh-registry',
    })
    expect(result.verdict).toBe('fail')
  })

  test('is not known where nothing of the registry lies outside of its package main, which the CLI may have copied', async () => {
    const copied = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe("", nil) }\n'
    await using mesh = await meshWith({
      'cmd/mcp-mesh-registry/main.go': copied,
      'cmd/mcp-mesh-dev/main.go': copied,
    })
    expect(await packagesCheck(mesh.directory)).toMatchObject({
      verdict: 'inconclusive',
      detail:
        "./cmd/mcp-mesh-registry imports no package of the project's, so ./cmd/mcp-mesh-dev may hold another registry",
    })
  })

  test('is looked at with the tags and the cgo that it was built with', async () => {
    await using mesh = await meshWith(
      {
        'cmd/mcp-mesh-registry/tagged.go': `//go:build fast\n\n${main('prompt')}`.replace(/func .*/, ''),
        'cmd/mcp-mesh-registry/c.go':
          'package main\n\nimport "C"\nimport _ "example.com/mesh/internal/nowhere"\n',
        'cmd/mcp-mesh-dev/main.go': main('routes'),
      },
      undefined,
      { tags: ['fast'] },
    )
    expect((await packagesCheck(mesh.directory)).detail).toBe(
      './cmd/mcp-mesh-dev lacks example.com/mesh/internal/prompt of ./cmd/mcp-mesh-registry',
    )
  })

  test('is not known where Go cannot list the packages', async () => {
    await using mesh = await meshWith({})
    const result = await mesh.integrate({ deployments: ['embedded'] })
    expect(checkOf(result, ID)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(/^go list -deps \.\/cmd\/mcp-mesh-dev: .*mcp-mesh-dev/),
    })
    expect(result.verdict).toBe('inconclusive')
  })

  const onLinux = process.platform === 'linux' ? test : test.skip
  onLinux('is the same where the CLI starts the verified registry as a child, and only then', async () => {
    const { env, run } = faultyRegistry()
    await using mesh = await meshWith(
      { 'cmd/mcp-mesh-dev/main.go': main('prompt'), 'cmd/front/main.go': FRONT },
      { env, run: ['{cli}', './registry', ...(run as string[])] },
    )
    const built = (name: string, ...flags: readonly string[]) => {
      const file = join(mesh.directory, name)
      execFileSync('go', ['build', ...flags, '-o', file, './cmd/front'], { cwd: mesh.directory })
      return file
    }
    const registry = built('registry')
    const cli = built('cli', '-ldflags=-s')
    const result = await mesh.integrate({ deployments: ['embedded'], programs: { registry, cli } })
    expect(checkOf(result, ID)).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(/^it starts the verified registry \(registry, \d+\)$/),
    })
    const other = built('other', '-ldflags=-w')
    const mistaken = await mesh.integrate({ deployments: ['embedded'], programs: { registry: other, cli } })
    expect(checkOf(mistaken, ID)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/ lacks example\.com\/mesh\/internal\/\w+, /),
    })
    expect(mesh.leftovers()).toEqual([])
  })
})
