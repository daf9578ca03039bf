import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { cause } from '../../../src/result/judge.ts'
import { stageResultSchema } from '../../../src/result/stage-result.ts'
import { FOREIGN, FOREIGN_ID, goMesh, HOST, HOST_ID, moduleIn, SILENT } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { COMMIT, checkOf, verdicts } from '../../support/stage-context.ts'

const BOTH = [HOST, FOREIGN]

describeWith(['go'])('building every command for every platform', () => {
  test('a mesh without fault passes every check that the stage must have', async () => {
    await using mesh = await goMesh({ go: { platforms: BOTH } })
    const result = await mesh.compile()
    expect(stageResultSchema.parse(result)).toEqual(result)
    expect(result).toMatchObject({ verdict: 'pass', commit: COMMIT, attempt: 1 })
    expect(result.tools.go).toMatch(/^go1\.\d+/)
    const expected = ['registry', 'cli'].flatMap((command) =>
      [HOST_ID, FOREIGN_ID].flatMap((platform) => [
        `built/${command}/${platform}`,
        `identity/${command}/${platform}`,
      ]),
    )
    expect(verdicts(result)).toEqual(
      Object.fromEntries(
        [...expected, `cgo/${HOST_ID}`, `cgo/${FOREIGN_ID}`, 'starts/registry', 'starts/cli'].map((id) => [
          id,
          'pass',
        ]),
      ),
    )
    expect(await readdir(mesh.temporary)).toEqual([])
  })

  test('a compile error on windows alone is red there with its place, and all else is built', async () => {
    await using mesh = await goMesh({
      go: { platforms: BOTH },
      files: {
        'cmd/mcp-mesh-dev/signals_windows.go': 'package main\n\nfunc init() {\n\tmissing()\n}\n',
      },
    })
    const result = await mesh.compile()
    expect(result.verdict).toBe('fail')
    expect(checkOf(result, `built/cli/${FOREIGN_ID}`)).toMatchObject({
      verdict: 'fail',
      detail: 'undefined: missing',
      location: { file: 'cmd/mcp-mesh-dev/signals_windows.go', line: 4, column: 2 },
    })
    expect(cause(result)).toContain('cmd/mcp-mesh-dev/signals_windows.go:4: cli for windows/amd64 is built')
    expect(result.checks.filter((check) => check.verdict !== 'pass')).toHaveLength(1)
    expect(result.data.binaries.map((binary) => binary.path).sort()).toEqual([
      `mcp-mesh-dev-${HOST_ID}`,
      `mcp-mesh-registry-${HOST_ID}`,
      `mcp-mesh-registry-${FOREIGN_ID}.exe`,
    ])
  })

  test('an error in a package that both commands import is the cause of both', async () => {
    await using mesh = await goMesh({
      files: {
        'internal/shared/shared.go': 'package shared\n\nconst Greeting string = 1\n\nvar other int = ""\n',
      },
    })
    const result = await mesh.compile()
    for (const command of ['registry', 'cli']) {
      const check = checkOf(result, `built/${command}/${HOST_ID}`)
      expect(check.verdict).toBe('fail')
      expect(check.detail).toMatch(/^cannot use 1 .* \(and 1 more\)$/)
      expect(check.location).toMatchObject({ file: 'internal/shared/shared.go', line: 3 })
      expect(check.fix).toContain('go build')
    }
    expect(result.data.binaries).toEqual([])
  })

  test('the command that a red build is told to be tried with fails alike when it is pasted, and writes nothing', async () => {
    await using mesh = await goMesh({
      files: { 'internal/shared/shared.go': 'package shared\n\nconst Greeting string = 1\n' },
    })
    const { fix = '' } = checkOf(await mesh.compile(), `built/registry/${HOST_ID}`)
    expect(fix).not.toMatch(/GOGC|GOMEMLIMIT/)
    const before = await readdir(mesh.directory)
    const pasted = spawnSync('sh', ['-c', fix.replace(/^try /, '')], { cwd: '/', encoding: 'utf8' })
    expect(pasted).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('shared.go:3:25: cannot use 1'),
    })
    await mesh.write({ 'internal/shared/shared.go': 'package shared\n\nconst Greeting = "hello"\n' })
    expect(spawnSync('sh', ['-c', fix.replace(/^try /, '')], { cwd: '/' }).status).toBe(0)
    expect(await readdir(mesh.directory)).toEqual(before)
  })

  test('two commands with an error each are red with their own', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-registry/main.go': 'package main\n\nfunc main() { registryError() }\n',
        'cmd/mcp-mesh-dev/main.go': 'package main\n\nfunc main() { cliError() }\n',
      },
    })
    const result = await mesh.compile()
    expect(checkOf(result, `built/registry/${HOST_ID}`)).toMatchObject({
      detail: 'undefined: registryError',
      location: { file: 'cmd/mcp-mesh-registry/main.go' },
    })
    expect(checkOf(result, `built/cli/${HOST_ID}`)).toMatchObject({
      detail: 'undefined: cliError',
      location: { file: 'cmd/mcp-mesh-dev/main.go' },
    })
  })

  test('when nothing is built, nothing is said of what was built', async () => {
    await using mesh = await goMesh({
      files: { 'internal/shared/shared.go': 'package shared\n\nconst Greeting string = 1\n' },
    })
    const result = await mesh.compile()
    expect(verdicts(result)).toEqual({
      [`built/registry/${HOST_ID}`]: 'fail',
      [`built/cli/${HOST_ID}`]: 'fail',
      [`cgo/${HOST_ID}`]: 'pass',
    })
    expect(result.verdict).toBe('fail')
    expect(JSON.parse(await mesh.read('bin/binaries.json'))).toMatchObject({ binaries: [] })
  })

  test('a command that cannot be loaded hides no other, and is told what to get', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport _ "example.org/cobra/command"\n\nfunc main() {}\n',
      },
    })
    const result = await mesh.compile()
    expect(checkOf(result, `built/registry/${HOST_ID}`).verdict).toBe('pass')
    expect(checkOf(result, 'starts/registry').verdict).toBe('pass')
    expect(checkOf(result, `built/cli/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail:
        'no required module provides package example.org/cobra/command; to add it: go get example.org/cobra/command',
      location: { file: 'cmd/mcp-mesh-dev/main.go', line: 3 },
    })
    expect(result.data.binaries.map(({ command }) => command)).toEqual(['registry'])
  })

  test('a command that has no file for a platform hides no other there', async () => {
    await using mesh = await goMesh({
      go: { platforms: BOTH },
      files: {
        'cmd/mcp-mesh-dev/main.go': undefined,
        'cmd/mcp-mesh-dev/main_unix.go': '//go:build unix\n\npackage main\n\nfunc main() {}\n',
      },
    })
    const result = await mesh.compile()
    expect(checkOf(result, `built/registry/${FOREIGN_ID}`).verdict).toBe('pass')
    const check = checkOf(result, `built/cli/${FOREIGN_ID}`)
    expect(check).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('build constraints exclude all Go files'),
    })
    expect(check.fix).not.toContain('mcp-mesh-registry')
    expect(result.data.binaries).toHaveLength(3)
  })

  test.each([
    ['beside one that is', ['registry', 'cli'], './cmd/mcp-mesh-registry is not a main package'],
    ['alone', ['registry'], 'no main packages'],
  ])('a package that is no main package, %s, is red with that cause', async (_, commands, why) => {
    await using mesh = await goMesh({
      files: { 'cmd/mcp-mesh-registry/main.go': 'package registry\n\nfunc Run() {}\n' },
    })
    const result = await mesh.compile({ commands })
    const check = checkOf(result, `built/registry/${HOST_ID}`)
    expect(check.verdict).toBe('fail')
    expect(check.detail).toContain(why)
    expect(result.data.binaries.map((binary) => binary.command)).toEqual(
      commands.filter((name) => name === 'cli'),
    )
  })

  test('a package that does not exist is red where it is imported', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport _ "example.com/mesh/internal/gone"\n\nfunc main() {}\n',
      },
    })
    const check = checkOf(await mesh.compile(), `built/cli/${HOST_ID}`)
    expect(check).toMatchObject({
      verdict: 'fail',
      location: { file: 'cmd/mcp-mesh-dev/main.go', line: 3 },
    })
    expect(check.detail).toMatch(/example\.com\/mesh\/internal\/gone/)
  })

  test('a module that is not at the top is built there, into an output folder of its own name', async () => {
    await using mesh = await goMesh({
      go: { directory: 'services/go', output: 'out/binaries', platforms: BOTH },
      files: {
        ...moduleIn('services/go'),
        'services/go/cmd/mcp-mesh-dev/only_windows.go': 'package main\n\nvar broken int = "text"\n',
      },
    })
    const result = await mesh.compile()
    expect(checkOf(result, `built/cli/${FOREIGN_ID}`).location).toMatchObject({
      file: 'services/go/cmd/mcp-mesh-dev/only_windows.go',
      line: 3,
    })
    expect(result.data.folder).toBe('services/go/out/binaries')
    expect((await readdir(join(mesh.directory, 'services/go/out/binaries'))).sort()).toEqual(
      [
        'SHA256SUMS',
        'binaries.json',
        `mcp-mesh-dev-${HOST_ID}`,
        `mcp-mesh-registry-${HOST_ID}`,
        `mcp-mesh-registry-${FOREIGN_ID}.exe`,
        'sbom.cdx.json',
      ].sort(),
    )
  })

  test('a module in a workspace is known by its own path, whatever stands before it in go.work', async () => {
    await using mesh = await goMesh({
      go: { directory: 'mesh' },
      files: {
        ...moduleIn('mesh'),
        'go.work': 'go 1.24\n\nuse (\n\t./first\n\t./mesh\n)\n',
        'first/go.mod': 'module example.com/first\n\ngo 1.24\n',
      },
    })
    const result = await mesh.compile()
    expect(result.verdict).toBe('pass')
    expect(result.data.binaries[0]?.package).toBe('example.com/mesh/cmd/mcp-mesh-registry')
  })

  test('a command of another module in the workspace is known by that module', async () => {
    await using mesh = await goMesh({
      go: { commands: { registry: './cmd/mcp-mesh-registry', tool: './tools/cmd/tool' } },
      files: {
        'go.work': 'go 1.24\n\nuse (\n\t.\n\t./tools\n)\n',
        'tools/go.mod': 'module example.org/tools\n\ngo 1.24\n',
        'tools/cmd/tool/main.go': SILENT,
      },
    })
    const result = await mesh.compile()
    expect(verdicts(result)).toMatchObject({
      [`identity/registry/${HOST_ID}`]: 'pass',
      [`identity/tool/${HOST_ID}`]: 'pass',
    })
    expect(result.data.binaries[1]?.package).toBe('example.org/tools/cmd/tool')
  })

  test('a command may be written with a slash at its end', async () => {
    await using mesh = await goMesh({ go: { commands: { registry: './cmd/mcp-mesh-registry/' } } })
    const result = await mesh.compile()
    expect(result.verdict).toBe('pass')
    expect(result.data.binaries.map((binary) => binary.path)).toEqual([`mcp-mesh-registry-${HOST_ID}`])
  })

  test('an error outside of the project has no place in it, and is told in words', async () => {
    await using mesh = await goMesh({
      go: { directory: 'mesh' },
      files: {
        ...moduleIn('mesh'),
        'mesh/go.mod':
          'module example.com/mesh\n\ngo 1.24\n\nrequire example.com/dep v1.0.0\n\nreplace example.com/dep => ../../dep\n',
        'mesh/cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport "example.com/dep"\n\nfunc main() { dep.Do() }\n',
        '../dep/go.mod': 'module example.com/dep\n\ngo 1.24\n',
        '../dep/dep.go': 'package dep\n\nfunc Do() { missing() }\n',
      },
    })
    const check = checkOf(await mesh.compile(), `built/cli/${HOST_ID}`)
    expect(check.detail).toMatch(/dep\/dep\.go:3: undefined: missing$/)
    expect(check.location).toBeUndefined()
  })
})
