import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { act, actHome, actLines, jobResults } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, copySample, edit, plant } from '../support/sample.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000

const WORKFLOW = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/cross-compile@v1
        with:
          platforms: linux/amd64
`

/** The toolchain alone, and then a step of the project's own that fails. */
const RED_WORKFLOW = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/setup-mesh-toolchain@v1
        with:
          platforms: linux/amd64
          python: 'false'
      - run: exit 1
`

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

describeWith(['go'])("caches through act's cache server", () => {
  test(
    'one run saves, the next one on a bare machine restores and builds warm',
    async () => {
      const home = actHome(folder.path)
      const project = join(folder.path, 'project')
      copySample(project)
      plant(project, '.github/workflows/ci.yml', WORKFLOW)
      commitAll(project)
      const run = async () => {
        // With -v Go names each package that it compiles.
        const ended = await act(home, project, { workflow: '.github/workflows/ci.yml', goFlags: '-v' })
        expect(jobResults(ended)).toEqual({ build: 'success' })
        return actLines(ended)
          .map((line) => line.msg.trimEnd())
          .join('\n')
      }

      const first = await run()
      expect(first).toContain('cache go-build/linux-amd64: there is none yet')
      expect(first).toMatch(/cache go-modules: saved in/)
      expect(first).toMatch(/cache go-build\/linux-amd64: saved in .*MiB/)

      // Another machine: nothing of the first run is left but what the cache server holds.
      const left = [join(home.cache, 'mesh-actions'), join(home.cache, 'go-modules')]
      expect(left.every((path) => existsSync(path))).toBe(true)
      for (const path of left) rmSync(path, { recursive: true })
      edit(project, 'cmd/mcp-mesh-registry/main.go', (text) => `${text}\n// changed\n`)
      commitAll(project)

      const second = await run()
      expect(second).toMatch(/cache go-modules: restored in/)
      expect(second).toMatch(/cache go-build\/linux-amd64: restored in .*MiB/)
      expect(second).not.toMatch(/: saved in/)
      const compiled = (text: string) =>
        text.split('\n').filter((line) => /^ {2}\| [a-z][\w.]*\/[\w./-]+$/.test(line))
      expect(compiled(first)).toContain('  | modernc.org/sqlite')
      expect(compiled(second)).toEqual(['  | example.com/mcp-mesh/cmd/mcp-mesh-registry'])
    },
    SLOW,
  )

  test(
    'a job that failed saves none, as what it left is only a part',
    async () => {
      const home = actHome(join(folder.path, 'of-red'))
      const project = join(folder.path, 'red')
      copySample(project)
      plant(project, '.github/workflows/ci.yml', RED_WORKFLOW)
      commitAll(project)
      const ended = await act(home, project, { workflow: '.github/workflows/ci.yml' })
      expect(jobResults(ended)).toEqual({ build: 'failure' })
      const lines = actLines(ended).map(({ msg }) => msg)
      expect(lines.filter((line) => line.includes('go-modules: there is none yet'))).toHaveLength(1)
      expect(lines.filter((line) => /saved|to save/.test(line))).toEqual([])
    },
    SLOW,
  )
})
