import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { type ActHome, act, actHome, actLines, jobResults } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import type { Ended } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000

/** A consumer's workflow: one job builds, the next one uses what was built. */
const workflow = (version: string) => `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      verdict: \${{ steps.build.outputs.verdict }}
      total: \${{ steps.build.outputs.total-bytes }}
    steps:
      - uses: ${CHECKOUT}
      - id: build
        uses: org/mesh-actions/cross-compile@v1
        with:
          platforms: linux/amd64,windows/amd64
          cache: off
          version: ${version}
  use:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/download-binaries@v1
      - env:
          VERDICT: \${{ needs.build.outputs.verdict }}
          TOTAL: \${{ needs.build.outputs.total }}
        run: |
          echo "verdict $VERDICT of $TOTAL bytes"
          ./bin/mcp-mesh-registry-linux-amd64 --version
          ls -1 bin
`

const useOnly = `
on: push
jobs:
  use:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/download-binaries@v1
`

const said = (ended: Ended) =>
  actLines(ended)
    .map((line) => line.msg.trimEnd())
    .join('\n')

const folder = await temporaryFolder()

describeWith(['go'])('a consumer of the suite under act, offline', () => {
  const pristine = join(folder.path, 'pristine')
  let home: ActHome
  let copies = 0

  const consumer = (version: string): string => {
    const project = join(folder.path, `consumer-${++copies}`)
    execFileSync('cp', ['-a', pristine, project])
    plant(project, '.github/workflows/ci.yml', workflow(version))
    plant(project, '.github/workflows/use.yml', useOnly)
    commitAll(project)
    return project
  }

  beforeAll(() => {
    copySample(pristine)
    home = actHome(folder.path)
  }, SLOW)
  afterAll(() => folder[Symbol.asyncDispose]())

  test(
    '`uses: org/mesh-actions/cross-compile@v1` builds, and the next job gets the binaries, executable',
    async () => {
      const ended = await act(home, consumer('4.5.6'), { workflow: '.github/workflows/ci.yml' })
      expect(jobResults(ended)).toEqual({ build: 'success', use: 'success' })
      expect(ended.code).toBe(0)
      expect(said(ended)).toMatch(/^verdict pass of [1-9]\d{6,} bytes$/m)
      expect(said(ended)).toMatch(/^mcp-mesh-registry 4\.5\.6 \(commit [0-9a-f]{40}\)$/m)
      expect(said(ended)).toMatch(/^sbom\.cdx\.json$/m)
    },
    SLOW,
  )

  test(
    'two runs at once do not mix',
    async () => {
      const versions = ['1.1.1', '2.2.2']
      const ended = await Promise.all(
        versions.map((version) => act(home, consumer(version), { workflow: '.github/workflows/ci.yml' })),
      )
      for (const [index, one] of ended.entries()) {
        expect(jobResults(one)).toEqual({ build: 'success', use: 'success' })
        expect(said(one)).toContain(`mcp-mesh-registry ${versions[index]} (commit`)
        expect(said(one)).not.toContain(`mcp-mesh-registry ${versions[1 - index]} (commit`)
      }
    },
    SLOW,
  )

  test.each([
    ['with', true],
    ['without', false],
  ])(
    'a run is not served what an earlier one of the same commit built, %s a cache server',
    async (_, cacheServer) => {
      const project = consumer('3.3.3')
      const first = await act(home, project, { workflow: '.github/workflows/ci.yml', cacheServer })
      expect(jobResults(first)).toEqual({ build: 'success', use: 'success' })
      const second = await act(home, project, { workflow: '.github/workflows/use.yml', cacheServer })
      expect(jobResults(second)).toEqual({ use: 'failure' })
      expect(said(second)).toContain('this run has no artifact mesh-cross-compile-go')
    },
    SLOW,
  )

  test(
    'a compile error fails the job and is an annotation at its file and line',
    async () => {
      const project = consumer('1.0.0')
      plant(project, 'internal/registry/broken_windows.go', 'package registry\n\nvar broken int = "text"\n')
      commitAll(project)
      const ended = await act(home, project, { workflow: '.github/workflows/ci.yml' })
      expect(ended.code).not.toBe(0)
      expect(jobResults(ended)).toMatchObject({ build: 'failure' })
      expect(said(ended)).toMatch(/registry for windows\/amd64 is built: cannot use "text"/)
      const [annotation] = actLines(ended).filter(
        (line) => line.msg.includes('cannot use "text"') && line.level === 'error',
      )
      expect(annotation).toMatchObject({
        kvPairs: { file: 'internal/registry/broken_windows.go', line: '3' },
      })
    },
    SLOW,
  )

  test(
    'a mistake in the inputs is one line with exit code 2',
    async () => {
      const project = consumer('1.0.0')
      plant(project, '.github/workflows/ci.yml', workflow('1.0.0').replace('windows/amd64', 'windows_amd64'))
      commitAll(project)
      const ended = await act(home, project, { workflow: '.github/workflows/ci.yml' })
      expect(jobResults(ended)).toMatchObject({ build: 'failure' })
      expect(said(ended)).toContain('input "platforms": expected GOOS/GOARCH')
      rmSync(project, { recursive: true })
    },
    SLOW,
  )
})
