import { execFileSync } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { goMesh, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { commitAll } from '../../support/sample.ts'
import { checkOf } from '../../support/stage-context.ts'

/** The second build has an empty cache and compiles Go's own packages as well. */
const FROM_NOTHING_MS = 5 * 60_000

/** Embeds a folder whole: what a developer left lying in it goes into the binary. */
const EMBEDS = `package main

import "embed"

//go:embed assets
var assets embed.FS

func main() {
	entries, _ := assets.ReadDir("assets")
	for _, entry := range entries {
		println(entry.Name())
	}
}
`

describeWith(['go'])('building again elsewhere', () => {
  test(
    'passes what git holds, and finds what was built from a file that git ignores',
    async () => {
      await using mesh = await goMesh({
        go: { commands: { registry: './cmd/mcp-mesh-registry', cli: './cmd/embeds' } },
        files: {
          'cmd/embeds/main.go': EMBEDS,
          'cmd/embeds/assets/page.txt': 'in git',
          'cmd/embeds/assets/debug.log': 'not in git',
          '.gitignore': '*.log\nbin/\n',
        },
      })
      execFileSync('git', ['init', '--quiet'], { cwd: mesh.directory })
      const result = await mesh.compile({ reproducible: true })
      expect(checkOf(result, `reproducible/registry/${HOST_ID}`).verdict).toBe('pass')
      const cli = result.data.binaries.find(({ command }) => command === 'cli')
      expect(checkOf(result, `reproducible/cli/${HOST_ID}`)).toMatchObject({
        verdict: 'fail',
        detail: expect.stringMatching(new RegExp(`^a second build gave [0-9a-f]{64}, not ${cli?.sha256}$`)),
      })
      expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toHaveLength(1)
      expect(result.verdict).toBe('fail')
      expect(await readdir(mesh.temporary)).toEqual([])
    },
    FROM_NOTHING_MS,
  )

  test('proves nothing, and says why, where what was built cannot be built from git at all', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go': EMBEDS,
        'cmd/mcp-mesh-dev/assets/generated.log': 'not in git',
        '.gitignore': '*.log\nbin/\n',
      },
    })
    execFileSync('git', ['init', '--quiet'], { cwd: mesh.directory })
    const result = await mesh.compile({ reproducible: true, commands: ['cli'] })
    expect(checkOf(result, `built/cli/${HOST_ID}`).verdict).toBe('pass')
    expect(checkOf(result, `reproducible/cli/${HOST_ID}`)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(
        /^could not be built a second time: .*pattern assets: no matching files found$/,
      ),
    })
    expect(result.verdict).toBe('inconclusive')
  })

  test(
    "runs the project's preparations there as well",
    async () => {
      await using mesh = await goMesh({
        before: [
          [
            'node',
            '--eval',
            'require("node:fs").writeFileSync("internal/shared/shared.go", "package shared; const Greeting = `generated`")',
          ],
        ],
        files: { 'internal/shared/shared.go': undefined, '.gitignore': 'internal/\nbin/\n' },
      })
      await mkdir(join(mesh.directory, 'internal/shared'), { recursive: true })
      await mesh.write({ 'internal/shared/doc.go': 'package shared\n' })
      execFileSync('git', ['init', '--quiet'], { cwd: mesh.directory })
      execFileSync('git', ['add', '--force', 'internal/shared/doc.go'], { cwd: mesh.directory })
      const result = await mesh.compile({ reproducible: true, commands: ['cli'] })
      expect(checkOf(result, `reproducible/cli/${HOST_ID}`).verdict).toBe('pass')
    },
    FROM_NOTHING_MS,
  )

  test('proves nothing where a preparation fails there, as one that needs .git does', async () => {
    await using mesh = await goMesh({ before: [['git', 'rev-parse', '--verify', 'HEAD']] })
    execFileSync('git', ['init', '--quiet'], { cwd: mesh.directory })
    commitAll(mesh.directory)
    const result = await mesh.compile({ reproducible: true })
    expect(checkOf(result, `reproducible/cli/${HOST_ID}`)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(
        /^could not be built a second time: git rev-parse --verify HEAD: exit code 128 /,
      ),
    })
  })

  test(
    'takes a module along that lies beside the project in its repository',
    async () => {
      await using mesh = await goMesh({
        files: {
          'go.mod':
            'module example.com/mesh\n\ngo 1.24\n\nrequire example.com/beside v1.0.0\n\nreplace example.com/beside => ../beside\n',
          'cmd/mcp-mesh-dev/main.go':
            'package main\n\nimport "example.com/beside"\n\nfunc main() { beside.Do() }\n',
          '../beside/go.mod': 'module example.com/beside\n\ngo 1.24\n',
          '../beside/beside.go': 'package beside\n\nfunc Do() {}\n',
        },
      })
      execFileSync('git', ['init', '--quiet'], { cwd: dirname(mesh.directory) })
      const result = await mesh.compile({ reproducible: true, commands: ['cli'] })
      expect(checkOf(result, `reproducible/cli/${HOST_ID}`)).toMatchObject({ verdict: 'pass' })
    },
    FROM_NOTHING_MS,
  )

  test('is not done when it was not asked for', async () => {
    await using mesh = await goMesh()
    const result = await mesh.compile({ reproducible: false, commands: ['cli'] })
    expect(result.verdict).toBe('pass')
    expect(result.checks.filter(({ id }) => id.startsWith('reproducible'))).toEqual([])
  })
})
