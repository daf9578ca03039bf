import { execFileSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { goMesh, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
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

  test('is red with the cause where what was built cannot be built from git at all', async () => {
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
      verdict: 'fail',
      detail: expect.stringMatching(/^the second build failed: .*pattern assets: no matching files found/),
    })
  })

  test('is not done when it was not asked for', async () => {
    await using mesh = await goMesh()
    const result = await mesh.compile({ reproducible: false, commands: ['cli'] })
    expect(result.verdict).toBe('pass')
    expect(result.checks.filter(({ id }) => id.startsWith('reproducible'))).toEqual([])
  })
})
