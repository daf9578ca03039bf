import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { calledFiles, referencesIn } from '../../scripts/generate/references.ts'
import { SUITE } from '../../scripts/generate/suite.ts'
import { act, jobResults } from '../support/act.ts'
import { describeWith, ZIZMOR } from '../support/needs.ts'
import { type Clone, passEveryCheck, releaseClone } from '../support/release-clone.ts'
import { commitAll, copySample, edit, plant } from '../support/sample.ts'
import { execute, NODE_24, ROOT } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 5 * 60_000
const TAG = 'v1.0.0'

/** A workflow that other repositories may call, beside those that are there. */
const CALLED = `
name: Called
on:
  workflow_call:
permissions: {}
concurrency:
  group: called-\${{ github.run_id }}
  cancel-in-progress: false
jobs:
  called:
    name: called
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: ${SUITE}/actions/setup-mesh-toolchain@v1
      - name: a name first, and quotes
        uses: "${SUITE}@v1"
`

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** With a release whose bundle was really built; the tag is checked out. */
let clone: Clone
let dist: string
let released: string

const references = () =>
  calledFiles(clone.path).flatMap((path) => referencesIn(readFileSync(join(clone.path, path), 'utf8')))

beforeAll(async () => {
  clone = releaseClone(join(folder.path, 'clone'))
  passEveryCheck(clone)
  plant(clone.path, '.github/workflows/called.yml', CALLED)
  clone.commit('Have a second workflow to call')
  const { code, stderr } = await clone.release(TAG)
  if (code !== 0) throw new Error(stderr)
  dist = clone.git('rev-parse', 'main')
  released = clone.git('rev-parse', TAG)
  clone.git('checkout', '--quiet', TAG)
}, SLOW)

test('every reference names the commit on main that holds the same bundle, by its full SHA', () => {
  expect(dist).toMatch(/^[0-9a-f]{40}$/)
  expect(new Set(references().map((reference) => reference.split('@')[1]))).toEqual(new Set([dist]))
  expect(references()).toEqual(
    expect.arrayContaining([
      `${SUITE}/actions/cross-compile-go@${dist}`,
      `${SUITE}/actions/setup-mesh-toolchain@${dist}`,
      `${SUITE}@${dist}`,
    ]),
  )
  expect(readFileSync(join(clone.path, '.github/workflows/called.yml'), 'utf8')).toContain(
    `uses: ${SUITE}/actions/setup-mesh-toolchain@${dist} # ${TAG}\n`,
  )
  expect(clone.git('rev-parse', `${TAG}^`)).toBe(dist)
  expect(clone.git('rev-parse', `${dist}:dist`)).toBe(clone.git('rev-parse', `${TAG}:dist`))
})

test('on main the references are still the major tag', () => {
  const atMain = clone.git(
    'grep',
    '--only-matching',
    '-h',
    '-E',
    `uses: "?${SUITE}[^ ]*@.*`,
    'main',
    '--',
    '.github',
    'action.yml',
    '*/action.yml',
  )
  expect(atMain.split('\n').length).toBe(references().length)
  for (const line of atMain.split('\n')) expect(line).toMatch(/@v1"?$/)
})

test('what is generated in the tagged tree is what generate would write there', async () => {
  const ended = await execute(NODE_24, ['scripts/generate.ts', '--check'], { cwd: clone.path })
  expect(ended).toMatchObject({ code: 0, stdout: '' })
})

test('the bundle of the tag runs, and tells its version', async () => {
  const ended = await execute(NODE_24, ['dist/cli/index.js', '--version'], { cwd: clone.path })
  expect(ended).toMatchObject({ code: 0, stdout: `${TAG.slice(1)}\n` })
})

describeWith(['go', 'zizmor'])('the tools that read workflows', () => {
  test('actionlint and zizmor, at its most pedantic, find nothing in the tagged tree', async () => {
    const actionlint = execFileSync('go', ['-C', 'tools', 'tool', '-n', 'actionlint'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(await execute(actionlint.trim(), [], { cwd: clone.path })).toMatchObject({ code: 0, stdout: '' })
    const zizmor = await execute(
      ZIZMOR,
      [
        ...['--offline', '--persona', 'pedantic', '--no-progress', '--config', 'zizmor.yml'],
        ...['.github', 'actions', 'cross-compile', 'action.yml'],
      ],
      { cwd: clone.path },
    )
    expect(`${zizmor.stdout}${zizmor.stderr}`).toContain('No findings to report')
    expect(zizmor.code).toBe(0)
  })
})

test('a tag as it was made passes release.yml’s check', async () => {
  const { code, stdout } = await clone.release(TAG, '--check')
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${TAG} is made of ${dist}\n` })
})

test.each([
  [
    'one reference is a tag',
    () => edit(clone.path, 'action.yml', (text) => text.replace(/@[0-9a-f]{40} # v1.0.0/, '@v1')),
    /action\.yml names \S+@v1, and its parent is [0-9a-f]{40}/,
  ],
  [
    'one reference is another commit',
    () => edit(clone.path, '.github/workflows/called.yml', (text) => text.replace(dist, '0'.repeat(40))),
    /called\.yml names \S+@0{40}, and/,
  ],
  ['the bundle is another', () => plant(clone.path, 'dist/more.js', ''), /its dist\/ is not that of/],
  [
    'the version is another',
    () => edit(clone.path, 'package.json', (text) => text.replace('"1.0.0"', '"1.0.1"')),
    /package\.json says 1\.0\.1/,
  ],
  [
    'the changelog says nothing of it',
    () => edit(clone.path, 'CHANGELOG.md', (text) => text.replace(TAG, 'v0.9.9')),
    /CHANGELOG\.md has no notes/,
  ],
])('a tag in which %s does not pass', async (_, spoil, said) => {
  spoil()
  clone.git('add', '--all')
  const spoiled = clone.git('commit-tree', clone.git('write-tree'), '-p', dist, '-m', 'Spoiled')
  clone.git('checkout', '--quiet', '--force', spoiled)
  clone.git('tag', '--force', TAG, spoiled)
  const { code, stderr } = await clone.release(TAG, '--check')
  clone.git('tag', '--force', TAG, released)
  clone.git('checkout', '--quiet', '--force', TAG)
  expect(stderr).toMatch(said)
  expect(code).toBe(2)
})

test('a tag that the clone does not have is one line', async () => {
  const { code, stderr } = await clone.release('v9.9.9', '--check')
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'this clone has no tag v9.9.9; git fetch origin tag v9.9.9, and check it out\n',
  })
})

test('a tag whose bundle is not on main does not pass', async () => {
  clone.git('update-ref', 'refs/heads/main', `${dist}^`)
  const { code, stderr } = await clone.release(TAG, '--check')
  clone.git('update-ref', 'refs/heads/main', dist)
  expect(stderr).toContain(`${dist} is not on main`)
  expect(code).toBe(2)
})

describeWith(['go'])('a consumer of the tag under act, offline', () => {
  test(
    'gets the tag’s files, and through them the pinned actions',
    async () => {
      const exported = (ref: string): string => {
        const target = join(folder.path, ref)
        mkdirSync(target)
        const archive = execFileSync('git', ['archive', ref], { cwd: clone.path, maxBuffer: 2 ** 28 })
        execFileSync('tar', ['-x', '-C', target], { input: archive })
        return target
      }
      const project = join(folder.path, 'consumer')
      copySample(project)
      plant(
        project,
        '.github/workflows/ci.yml',
        `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: ${SUITE}/cross-compile@${TAG}
        with:
          platforms: linux/amd64
          cache: off
`,
      )
      commitAll(project)
      const cache = join(folder.path, 'cache')
      mkdirSync(cache)
      // Were anything of it named by the major tag, it would not be found.
      const home = {
        cache,
        suite: join(folder.path, 'none'),
        refs: { [TAG]: exported(TAG), [dist]: exported(dist) },
      }
      const ended = await act(home, project, { workflow: '.github/workflows/ci.yml' })
      expect(jobResults(ended)).toEqual({ build: 'success' })
      expect(ended.code).toBe(0)
    },
    SLOW,
  )
})
