import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { actProgram } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { areGone } from '../support/processes.ts'
import { appears } from '../support/running-action.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import { sourceCli } from '../support/source-cli.ts'
import { NODE_24 } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000
const SHA = '0123456789abcdef0123456789abcdef01234567'

/** The guard alone, by two refs, of which neither is anywhere but here. */
const GUARD = `
on: push
jobs:
  guard:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/validate-python-ref@v1
        with: { guard-only: true, upload: false }
      - uses: org/mesh-actions/actions/validate-python-ref@${SHA}
        with: { guard-only: true, upload: false }
`

const home = await temporaryFolder()

describeWith(['go'])('mesh-actions act', () => {
  const project = join(home.path, 'project')
  const temporary = join(home.path, 'temporary')
  const bin = join(home.path, 'bin')

  const act = (args: readonly string[], options: Partial<Parameters<typeof sourceCli>[1]> = {}) =>
    sourceCli(['act', '--project', project, ...args], {
      cwd: home.path,
      ...options,
      env: {
        PATH: [bin, process.env.PATH].join(delimiter),
        XDG_CACHE_HOME: join(home.path, 'cache'),
        TMPDIR: temporary,
        ...options.env,
      },
    })
  const left = () => readdirSync(temporary).filter((name) => name.startsWith('mesh-'))

  beforeAll(() => {
    for (const folder of [bin, temporary]) mkdirSync(folder)
    symlinkSync(actProgram(), join(bin, 'act'))
    symlinkSync(NODE_24, join(bin, 'node'))
    copySample(project)
    plant(project, '.github/workflows/guard.yml', GUARD)
    plant(
      project,
      '.github/workflows/long.yml',
      `on: push\njobs: { long: { runs-on: ubuntu-latest, steps: [{ run: 'echo $$ > ${home.path}/half; mv ${home.path}/half ${home.path}/pid; exec sleep 300' }, { uses: org/mesh-actions@v1 }] } }\n`,
    )
    commitAll(project)
  }, SLOW)
  afterAll(() => home[Symbol.asyncDispose]())

  test(
    'runs the workflow offline with this copy of the suite under every ref; red is 1, and nothing is left',
    async () => {
      const green = await act(['--workflow', '.github/workflows/guard.yml'])
      expect(green.stdout).toContain(`Success - Main org/mesh-actions/actions/validate-python-ref@v1`)
      expect(green.stdout).toContain(`Success - Main org/mesh-actions/actions/validate-python-ref@${SHA}`)
      expect(green.code).toBe(0)
      rmSync(join(project, 'packages/mcp_mesh/src/mcp_mesh/injection.py'))
      const red = await act(['--workflow', '.github/workflows/guard.yml', '--', '--json'])
      expect(red.stdout).toContain('"jobResult":"failure"')
      expect(red.code).toBe(1)
      expect(left()).toEqual([])
    },
    SLOW,
  )

  test(
    'interrupted, it ends what it started, removes its copy of the suite and says 130',
    async () => {
      const file = join(home.path, 'pid')
      const ended = await act(['--workflow', '.github/workflows/long.yml'], {
        onStart: (child) => void appears(file).then(() => child.kill('SIGINT')),
      })
      expect(ended).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') })
      expect(await areGone([Number(readFileSync(file, 'utf8'))])).toBe(true)
      expect(left()).toEqual([])
    },
    SLOW,
  )

  test('without act, or with another act, it says how to get it', async () => {
    const bare = join(home.path, 'bare')
    mkdirSync(bare)
    const args = ['--workflow', '.github/workflows/guard.yml']
    const without = await act(args, { env: { PATH: bare } })
    expect(without).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: there is no act on PATH; install act .*\n$/),
    })
    symlinkSync('/bin/true', join(bare, 'act'))
    expect(await act(args, { env: { PATH: bare } })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: the act on PATH is another program: .*; install act .*\n$/),
    })
  })
})
