import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import { act, actHome, actLines, jobResults } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, copySample, edit, plant } from '../support/sample.ts'
import { type Ended, meshActions, NODE_24 } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000

const WORKFLOW = `
on: push
jobs:
  validate-python-reference:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - id: guard
        uses: org/mesh-actions/actions/validate-python-ref@v1
        with: { guard-only: true, upload: false }
      - uses: org/mesh-actions/actions/setup-mesh-toolchain@v1
        with: { go: false, cache: off }
      - id: reference
        uses: org/mesh-actions/actions/validate-python-ref@v1
      - env:
          VERDICTS: \${{ steps.guard.outputs.verdict }}, \${{ steps.reference.outputs.verdict }}
          TESTS: \${{ steps.reference.outputs.tests }}
        run: |
          echo "verdicts $VERDICTS"
          echo "tests $TESTS"
`

const said = (ended: Ended) =>
  actLines(ended)
    .map((line) => line.msg.trimEnd())
    .join('\n')

const home = await temporaryFolder()

describeWith(['go', 'python3 of version 3.11 or later'])(
  'the committed bundle on the reference of the sample',
  () => {
    const pristine = join(home.path, 'pristine')
    let copies = 0

    /** A copy whose tests are those of one package: those of the other start registries and take most of a minute. */
    const freshCopy = (): string => {
      const copy = join(home.path, `copy-${++copies}`)
      execFileSync('cp', ['-a', pristine, copy])
      edit(copy, 'mesh.yml', (text) => `${text}python:\n  tests: [packages/mcp_mesh]\n`)
      edit(copy, 'mesh.baseline', (text) => text.replace(/^"packages\/mcp_mesh_runtime" \d+\n/m, ''))
      commitAll(copy)
      return copy
    }
    const run = (project: string, ...args: string[]) =>
      meshActions(['run', ...args, '--project', project, '--json'], {
        cwd: home.path,
        env: { ...process.env, XDG_CACHE_HOME: join(home.path, 'cache') },
      })

    beforeAll(() => copySample(pristine))
    afterAll(() => home[Symbol.asyncDispose]())

    test('the guard alone needs no Python and takes a deleted file for what it is', async () => {
      const project = freshCopy()
      const bin = join(home.path, 'bin')
      mkdirSync(bin)
      const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim()
      symlinkSync(git, join(bin, 'git'))
      const guard = () =>
        meshActions(['run', 'validate-python-ref', '--guard-only', '--project', project], {
          cwd: home.path,
          node: NODE_24,
          env: { PATH: bin, HOME: home.path },
        })
      expect(await guard()).toMatchObject({ code: 0, stdout: expect.stringContaining('verdict: pass') })
      rmSync(join(project, 'packages/mcp_mesh/src/mcp_mesh/injection.py'))
      expect(await guard()).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(
          'packages/mcp_mesh/src/mcp_mesh/injection.py is kept: it was deleted',
        ),
      })
    })

    test(
      'a dependency that is dropped from pyproject.toml is named by the toolchain and by the reference',
      async () => {
        const project = freshCopy()
        edit(project, 'packages/mcp_mesh_runtime/pyproject.toml', (text) =>
          text.replace(/^\s*"fastapi[^"]*",\n/m, ''),
        )
        const { code, stdout } = await run(project, 'setup-mesh-toolchain', 'validate-python-ref', '--no-go')
        expect(code).toBe(1)
        const [toolchain, reference] = JSON.parse(stdout) as StageResult[]
        for (const result of [toolchain, reference]) {
          expect(result?.verdict).toBe('fail')
          const red = result?.checks.filter(
            ({ id, verdict }) => id.startsWith('imports/') && verdict === 'fail',
          )
          expect(red?.map(({ detail }) => detail).join('\n')).toContain('fastapi')
        }
      },
      SLOW,
    )

    test(
      'mesh-actions baseline writes what is there, and the same again',
      async () => {
        const project = freshCopy()
        const file = join(project, 'mesh.baseline')
        const committed = readFileSync(file, 'utf8')
        rmSync(file)
        const baseline = () =>
          meshActions(['baseline', '--project', project], {
            cwd: home.path,
            env: { ...process.env, XDG_CACHE_HOME: join(home.path, 'cache') },
          })
        const first = await baseline()
        expect(first).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/mesh\.baseline: \d+ files, \d+ public names/),
        })
        const written = readFileSync(file, 'utf8')
        // The tests of the other package are known, but have not run here.
        const above = (text: string) => text.slice(0, text.indexOf('[tests]'))
        expect(above(written)).toBe(above(committed))
        expect(await baseline()).toMatchObject({ code: 0, stdout: expect.stringContaining('(as before)') })
        edit(
          project,
          'packages/mcp_mesh/tests/test_metadata.py',
          (text) => `${text}\n\ndef test_broken():\n    assert False\n`,
        )
        const refused = await baseline()
        expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('test_broken') })
        expect(readFileSync(file, 'utf8')).toBe(written)
      },
      SLOW,
    )

    test(
      'under act the guard runs before there is Python, and the reference after it',
      async () => {
        const project = freshCopy()
        plant(project, '.github/workflows/ci.yml', WORKFLOW)
        commitAll(project)
        const ended = await act(actHome(join(home.path, 'act')), project, {
          workflow: '.github/workflows/ci.yml',
        })
        expect(said(ended)).toMatch(/^verdicts pass, pass$/m)
        expect(said(ended)).toMatch(/^tests \{"packages\/mcp_mesh":\{"collected":\d+/m)
        expect(jobResults(ended)).toEqual({ 'validate-python-reference': 'success' })
      },
      SLOW,
    )
  },
)
