import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  buildAlmostNothing,
  type Clone,
  passEveryCheck,
  releaseClone,
  stateOf,
} from '../support/release-clone.ts'
import { edit, plant } from '../support/sample.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** With one release behind it, v1.2.3. */
let clone: Clone
let first: string

beforeAll(async () => {
  clone = releaseClone(join(folder.path, 'clone'))
  passEveryCheck(clone)
  buildAlmostNothing(clone)
  clone.commit('Make releases cheap')
  first = (await clone.release('v1.2.3')).stdout
})

const read = (path: string) => readFileSync(join(clone.path, path), 'utf8')
const unplant = (path: string) => rmSync(join(clone.path, path))

test('says which commits it made and what a maintainer pushes', () => {
  const [dist, pins] = [clone.git('rev-parse', 'main'), clone.git('rev-parse', 'v1.2.3')]
  expect(first).toContain(`v1.2.3: ${dist} on main, ${pins} tagged`)
  expect(first).toContain('git push --atomic origin main v1.2.3\n')
  expect(first).toContain('git push --force origin v1.2.3:refs/tags/v1\n')
})

test('the commit on main holds the version, the changelog and the bundle, and nothing else', () => {
  const changed = clone.git('diff', '--name-only', 'main^', 'main').split('\n')
  const outside = changed.filter((path) => !path.startsWith('dist/'))
  expect(outside).toEqual(['CHANGELOG.md', 'package-lock.json', 'package.json'])
  expect(changed).toContain('dist/built.txt')
  expect(read('dist/built.txt')).toBe('1.2.3')
  expect(existsSync(join(clone.path, 'dist', 'cli'))).toBe(false)
  const { version, packages } = JSON.parse(read('package-lock.json'))
  expect([JSON.parse(read('package.json')).version, version, packages[''].version]).toEqual(
    Array(3).fill('1.2.3'),
  )
  expect(clone.git('status', '--porcelain')).toBe('')
})

test('the next release tells what is new above the older ones', async () => {
  const copy = releaseClone(join(folder.path, 'next'))
  copy.git('fetch', '--quiet', '--tags', clone.path, 'main')
  copy.git('reset', '--quiet', '--hard', 'FETCH_HEAD')
  plant(copy.path, 'src/new.ts', '')
  copy.commit('Greet @octo_cat')
  expect(await copy.release('v1.10.0')).toMatchObject({ code: 0 })
  const changelog = readFileSync(join(copy.path, 'CHANGELOG.md'), 'utf8')
  expect(changelog.match(/^##+ .*|^- .*/gm)?.map((line) => line.replace(/\d{4}-\d\d-\d\d/, 'day'))).toEqual([
    '## v1.10.0 (day)',
    '### Actions, workflows and command line',
    '- Greet &#64;octo\\_cat',
    '## v1.2.3 (day)',
    '### Actions, workflows and command line',
    '- Everything before',
    '### Tests, checks and release',
    '- Make releases cheap',
  ])
})

const edited = () => edit(clone.path, 'README.md', (text) => `${text}\n`)
const reset = () => void clone.git('checkout', '--quiet', '--', '.')

test.each([
  [
    'something else than a version',
    '1.3.0',
    undefined,
    undefined,
    /"1\.3\.0" is not a version; write it as v1\.2\.3/,
  ],
  ['a version with leading zeros', 'v1.03.0', undefined, undefined, /is not a version/],
  ['an older version', 'v1.2.2', undefined, undefined, /v1\.2\.2 is not newer than v1\.2\.3/],
  ['a version that is there', 'v1.2.3', undefined, undefined, /v1\.2\.3 is not newer than v1\.2\.3/],
  ['another major version', 'v2.0.0', undefined, undefined, /v2\.0\.0 is no release of v1/],
  ['a changed file', 'v1.3.0', edited, reset, /the working tree is not clean: M README\.md; commit/],
  [
    'a new file',
    'v1.3.0',
    () => plant(clone.path, 'new.txt', ''),
    () => unplant('new.txt'),
    /not clean: \?\? new\.txt/,
  ],
  [
    'another branch',
    'v1.3.0',
    () => void clone.git('switch', '--quiet', '--create', 'topic'),
    () => {
      clone.git('switch', '--quiet', 'main')
      clone.git('branch', '--delete', 'topic')
    },
    /this is topic, and releases are made on main/,
  ],
  [
    'a check that fails',
    'v1.3.0',
    () => plant(clone.path, '.git/check-fails', ''),
    () => unplant('.git/check-fails'),
    /npm run --silent check; nothing is changed/,
  ],
])('%s is refused, and nothing is changed', async (_, version, prepare, undo, said) => {
  prepare?.()
  const before = stateOf(clone)
  const { code, stderr, stdout } = await clone.release(version)
  const after = stateOf(clone)
  undo?.()
  expect(stderr).toMatch(said)
  expect({ code, stdout }).toEqual({ code: /npm run/.test(stderr) ? 1 : 2, stdout: '' })
  expect(after).toEqual(before)
})

test('a build that fails in the middle leaves all as it was, and the release can be made again', async () => {
  const copy = releaseClone(join(folder.path, 'again'))
  passEveryCheck(copy)
  buildAlmostNothing(copy)
  copy.commit('Make releases cheap')
  writeFileSync(join(copy.path, '.git', 'build-fails'), '')
  const before = stateOf(copy)
  const failed = await copy.release('v1.0.0')
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toContain('npm run --silent build; nothing is changed')
  expect(stateOf(copy)).toEqual(before)

  rmSync(join(copy.path, '.git', 'build-fails'))
  const dry = await copy.release('v1.0.0', '--dry-run')
  expect(dry.stdout).toContain('put back, for it was a dry run')
  expect(stateOf(copy)).toEqual(before)

  expect(await copy.release('v1.0.0')).toMatchObject({ code: 0 })
  expect(copy.git('rev-parse', 'v1.0.0^')).toBe(copy.git('rev-parse', 'main'))
})
