import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { SUITE } from '../../scripts/generate/suite.ts'
import { type Clone, releaseClone, stateOf } from '../support/release-clone.ts'
import { execute, NODE_24 } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** An owner that ends as the one before, and is longer. */
const OWNER = `octo-${SUITE.split('/')[0]}`
const RENAMED = SUITE.replace(/^[^/]+/, OWNER)

let clone: Clone
beforeAll(() => {
  clone = releaseClone(join(folder.path, 'clone'))
})

const setOwner = (...args: readonly string[]) =>
  execute(join(clone.path, 'scripts', 'set-owner'), args, { cwd: folder.path })
/** Lines with these words in what a fork changes, and how many. */
const lines = (words: string) => {
  try {
    return clone.git('grep', '-P', words, '--', '.', ':!dist', ':!CHANGELOG.md').split('\n')
  } catch {
    return []
  }
}

test.each([[], [''], ['-octo'], ['octo-'], ['oc--to'], ['oc_to'], ['octo/cat'], ['o'.repeat(40)]])(
  'the name %p is refused, and nothing is changed',
  async (...args) => {
    const before = stateOf(clone)
    expect(await setOwner(...args)).toMatchObject({ code: 2, stdout: '' })
    expect(stateOf(clone)).toEqual(before)
  },
)

test('a fork’s owner stands everywhere, what is generated agrees, and once more changes nothing', async () => {
  const before = lines(`(?<![\\w.-])${SUITE}`).length
  const { code, stdout } = await setOwner(OWNER)
  expect(code).toBe(0)
  expect(stdout).toContain(`name ${RENAMED}; build dist/ anew`)
  expect(lines(`(?<![\\w.-])${SUITE}`)).toEqual([])
  expect(lines(RENAMED).length).toBe(before)

  const generated = await execute(NODE_24, ['scripts/generate.ts', '--check'], { cwd: clone.path })
  expect(generated).toMatchObject({ code: 0, stdout: '' })
  const format = await execute(join(clone.path, 'node_modules/.bin/biome'), ['format', '.'], {
    cwd: clone.path,
  })
  expect(format.code).toBe(0)

  const renamed = clone.git('diff', '--shortstat')
  expect(await setOwner(OWNER)).toMatchObject({ code: 0, stdout: `the owner is ${OWNER} already\n` })
  expect(clone.git('diff', '--shortstat')).toBe(renamed)
})
