import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { execute, NODE_24, ROOT } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CI = join(ROOT, '.github', 'workflows', 'ci.yml')
const SCRIPT = join(ROOT, 'scripts', 'ci', 'needs.ts')

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

const needed = (result: string) => ({ result, outputs: {} })
const allWell = Object.fromEntries(
  parse(readFileSync(CI, 'utf8')).jobs.ci.needs.map((name: string) => [name, needed('success')]),
)
const held = (needs: object, workflow = CI) =>
  execute(NODE_24, [SCRIPT, workflow, 'ci'], { env: { ...process.env, NEEDS: JSON.stringify(needs) } })

/** ci.yml, changed. */
const changed = (change: (text: string) => string): string => {
  const file = join(folder.path, 'ci.yml')
  writeFileSync(file, change(readFileSync(CI, 'utf8')))
  return file
}

test('ci.yml’s last job needs every other one', async () => {
  const { code, stdout } = await held(allWell)
  expect(stdout).toMatch(/^\d+ jobs, all of them well\n$/)
  expect(code).toBe(0)
})

test('a job that is left out of the needs fails, and is named', async () => {
  const { code, stdout } = await held(
    allWell,
    changed((text) =>
      text.replace(/^jobs:\n/m, 'jobs:\n  forgotten:\n    runs-on: ubuntu-latest\n    steps: []\n'),
    ),
  )
  expect(stdout).toBe('ci does not need forgotten\n')
  expect(code).toBe(1)
})

test.each(['failure', 'cancelled', 'skipped'])(
  'a job that ended as %s fails, and is named',
  async (result) => {
    const { code, stdout } = await held({ ...allWell, stages: needed(result) })
    expect(stdout).toBe(`stages: ${result}\n`)
    expect(code).toBe(1)
  },
)

test('a needed job without a result fails', async () => {
  const { stages: _, ...others } = allWell
  expect(await held(others)).toMatchObject({ code: 1, stdout: 'stages: not there\n' })
})

test('a last job that could be skipped fails', async () => {
  const workflow = changed((text) => text.replace('    if: always()\n', ''))
  expect(await held(allWell, workflow)).toMatchObject({ code: 1, stdout: 'ci does not run always()\n' })
})
