import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { actRun } from '../../../src/platform/artifacts/act-run.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const token = fc.stringMatching(/^[0-9a-f]{0,4}$/)
const COMMIT = '0'.repeat(40)
const server = (token: string) => ({
  ACTIONS_CACHE_URL: `http://127.0.0.1:39203/${token}/`,
  GITHUB_RUN_ID: '1',
  GITHUB_REPOSITORY: 'org/mesh',
})

describe('what tells one run of act from another', () => {
  test("is the URL of the run's cache server: the same in all jobs, another in another run", () => {
    fc.assert(
      fc.property(token, token, (one, other) => {
        expect(actRun(server(one), COMMIT)).toBe(actRun({ ...server(one), GITHUB_JOB: 'x' }, COMMIT))
        expect(actRun(server(one), COMMIT) === actRun(server(other), COMMIT)).toBe(one === other)
      }),
    )
  })

  test('is also the repository and the commit', () => {
    const run = actRun(server('a'), COMMIT)
    expect(actRun({ ...server('a'), GITHUB_REPOSITORY: 'org/other' }, COMMIT)).not.toBe(run)
    expect(actRun(server('a'), '1'.repeat(40))).not.toBe(run)
  })

  test('is a name for a folder', () => {
    expect(actRun(server('../../x'), COMMIT)).toMatch(/^[0-9a-f]{20}$/)
  })

  test('is the id of the run where a later act gives one', () => {
    const run = (id: string) => actRun({ GITHUB_RUN_ID: id, GITHUB_REPOSITORY: 'org/mesh' }, COMMIT)
    expect(run('2')).toMatch(/^[0-9a-f]{20}$/)
    expect(run('2')).toBe(run('2'))
    expect(run('2')).not.toBe(run('3'))
  })
})

/** actRun as a step sees it whose ancestor is a program of the given name. */
async function actRunBelow(program: string): Promise<string[]> {
  await using folder = await temporaryFolder()
  symlinkSync('/bin/sh', join(folder.path, program))
  const source = join(import.meta.dirname, '../../../src/platform/artifacts/act-run.ts')
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: '',
    NODE: process.execPath,
    SCRIPT: `const { actRun } = await import('${source}'); console.log(actRun({ GITHUB_RUN_ID: '1' }, 'c'))`,
    STEP: '"$NODE" --input-type=module -e "$SCRIPT"; :',
  }
  // A step of its own, and one below another shell.
  const steps = 'eval "$STEP"; /bin/sh -c "$STEP"; :'
  const text = execFileSync(join(folder.path, program), ['-c', steps], { encoding: 'utf8', env })
  return text.trim().split('\n')
}

describe('without a cache server, as every run of act has the id 1', () => {
  const where = existsSync('/proc/self/stat') ? test : test.skip

  where('the act process itself tells: the same for all its steps, another for another act', async () => {
    const [first, second] = await Promise.all([actRunBelow('act'), actRunBelow('act')])
    expect(first).toHaveLength(2)
    expect(first[0]).toMatch(/^[0-9a-f]{20}$/)
    expect(first[1]).toBe(first[0])
    expect(second[0]).not.toBe(first[0])
  })

  where('nothing tells where no ancestor is act', async () => {
    expect(await actRunBelow('actor')).toEqual(['undefined', 'undefined'])
  })
})
