import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { commitAll, edit, plant } from '../../../support/sample.ts'
import { guarded, guardedSample, told, writeBaseline } from './sample-guard.ts'

const STORE = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/server/store.py'
const FROZEN = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/decorators'

function git(directory: string, ...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
  return execFileSync('git', [...who, ...args], { cwd: directory, encoding: 'utf8' }).trim()
}

/** Merges what a branch changes, as a pull request is checked out. */
function merged(directory: string, change: () => void): void {
  git(directory, 'checkout', '--quiet', '-b', 'change')
  change()
  commitAll(directory)
  git(directory, 'checkout', '--quiet', 'main')
  git(directory, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'change')
}

test('a file and its line of the baseline that go together fail against the base of the pull request', async () => {
  await using sample = await guardedSample()
  const before = git(sample.path, 'rev-parse', '--short=7', 'HEAD')
  merged(sample.path, () => {
    rmSync(join(sample.path, STORE))
    edit(sample.path, 'mesh.baseline', (text) => text.replace(new RegExp(`^.*${STORE}\n`, 'm'), ''))
  })
  expect(told((await guarded(sample.path, { isMerge: true })).red)).toEqual([
    `preserved/${STORE}: fail: it was deleted, and mesh.baseline does not say so any more (it did in ${before})`,
  ])
})

test('a frozen file and its line of the baseline that change together fail against a base that was named', async () => {
  await using sample = await guardedSample()
  const base = git(sample.path, 'rev-parse', 'HEAD')
  edit(sample.path, `${FROZEN}/mesh_agent.py`, (text) => `${text}\nx = 1\n`)
  await writeBaseline(sample.path)
  commitAll(sample.path)
  expect(told((await guarded(sample.path)).red)).toEqual([])
  const { red } = await guarded(sample.path, { base })
  expect(told(red)).toEqual([
    expect.stringMatching(/mesh_agent\.py: fail: it is frozen and was changed, and mesh\.baseline/),
  ])
})

test('a test and its line of the baseline that go together fail against the base', async () => {
  await using sample = await guardedSample()
  const base = git(sample.path, 'rev-parse', 'HEAD')
  edit(sample.path, 'packages/mcp_mesh/tests/test_metadata.py', (text) =>
    text.replace(/def test_/, 'def no_'),
  )
  await writeBaseline(sample.path)
  const { red } = await guarded(sample.path, { base })
  expect(told(red)).toEqual([expect.stringMatching(/^tests-kept: fail: .* was deleted$/)])
})

test('the baseline that is deleted with a file does not hide the file', async () => {
  await using sample = await guardedSample()
  merged(sample.path, () => {
    rmSync(join(sample.path, STORE))
    rmSync(join(sample.path, 'mesh.baseline'))
  })
  const { checks } = await guarded(sample.path, { isMerge: true })
  expect(told(checks)).toContainEqual(expect.stringMatching(/store\.py: fail: it was deleted/))
  expect(told(checks)).toContainEqual('baseline: inconclusive: there is no mesh.baseline')
})

test('a change that takes paths out of preserve fails at their line', async () => {
  await using sample = await guardedSample()
  const base = git(sample.path, 'rev-parse', 'HEAD')
  plant(sample.path, 'mesh.yml', 'preserve:\n  paths: [packages/mcp_mesh]\n  frozen: []\n')
  await writeBaseline(sample.path)
  const { red } = await guarded(sample.path, { base })
  expect(told(red)).toEqual([
    'base/preserve.paths/packages: fail: this change takes it out',
    `base/preserve.frozen/${FROZEN}: fail: this change takes it out`,
  ])
  expect(red[0]?.location).toEqual({ file: 'mesh.yml', line: 2 })
})

test('a change that keeps everything passes against its base', async () => {
  await using sample = await guardedSample()
  merged(sample.path, () => {
    edit(sample.path, STORE, (text) => `${text}\n# more\n`)
    plant(sample.path, 'mesh.yml', 'preserve: { paths: [packages, docs] }\n')
    execFileSync('git', ['add', '--all'], { cwd: sample.path })
  })
  const { red, checks } = await guarded(sample.path, { isMerge: true })
  expect(told(red)).toEqual([])
  expect(told(checks)).toContainEqual(expect.stringMatching(/^base: pass: held against [0-9a-f]{7}$/))
})

test.each([
  ['mesh.yml', 'preserve: [\n'],
  ['mesh.baseline', '<<<<<<< ours\n'],
])(
  'a change that mends a broken %s of its base is not stopped, and it is said what was not checked',
  async (file, text) => {
    await using sample = await guardedSample()
    const good = readFileSync(join(sample.path, 'mesh.baseline'), 'utf8')
    plant(sample.path, file, text)
    const base = commitAll(sample.path)
    rmSync(join(sample.path, file))
    writeFileSync(join(sample.path, 'mesh.baseline'), good)
    const { red, checks } = await guarded(sample.path, { base })
    expect(told(red)).toEqual([])
    expect(told(checks)).toContainEqual(
      expect.stringMatching(/^base: skipped: not held against .*cannot be read/),
    )
  },
)

test('a merge that is not one of a pull request says nothing of the base', async () => {
  await using sample = await guardedSample()
  merged(sample.path, () => edit(sample.path, STORE, (text) => `${text}\n# more\n`))
  const { checks } = await guarded(sample.path)
  expect(told(checks)).toContainEqual(expect.stringMatching(/^base: skipped: not checked/))
})

test('a base without a baseline is not said to have been held against', async () => {
  await using sample = await guardedSample()
  const text = readFileSync(join(sample.path, 'mesh.baseline'), 'utf8')
  rmSync(join(sample.path, 'mesh.baseline'))
  const base = commitAll(sample.path)
  writeFileSync(join(sample.path, 'mesh.baseline'), text)
  const { checks } = await guarded(sample.path, { base })
  expect(told(checks)).toContainEqual(
    expect.stringMatching(/^base: skipped: [0-9a-f]{7} has no mesh\.baseline/),
  )
})

const exception = (path: string, change: string) => {
  const expires = new Date(Date.now() + 10 * 24 * 3600_000).toISOString().slice(0, 10)
  return `preserve:\n  exceptions:\n    - { path: ${path}, change: ${change}, reason: r, owner: o, expires: ${expires} }\n`
}

test('an agreed change is green, then its baseline is renewed and its exception ended in one change', async () => {
  await using sample = await guardedSample()
  const before = git(sample.path, 'rev-parse', 'HEAD')
  edit(sample.path, `${FROZEN}/mesh_agent.py`, (text) => `${text}\nx = 1\n`)
  const yaml = readFileSync(join(sample.path, 'mesh.yml'), 'utf8')
  writeFileSync(join(sample.path, 'mesh.yml'), `${yaml}${exception(FROZEN, 'modified')}`)
  const agreed = commitAll(sample.path)
  expect(told((await guarded(sample.path, { base: before })).red)).toEqual([])
  await writeBaseline(sample.path)
  expect(told((await guarded(sample.path, { base: agreed })).red)).toEqual([
    expect.stringMatching(/^exceptions\/1: fail: the baseline was renewed, so nothing needs it any more$/),
  ])
  writeFileSync(join(sample.path, 'mesh.yml'), yaml)
  expect(told((await guarded(sample.path, { base: agreed })).red)).toEqual([])
})

test('an exception that comes together with the renewed baseline is told what it does after the merge', async () => {
  await using sample = await guardedSample()
  const before = git(sample.path, 'rev-parse', 'HEAD')
  edit(sample.path, `${FROZEN}/mesh_agent.py`, (text) => `${text}\nx = 1\n`)
  edit(sample.path, 'mesh.yml', (text) => `${text}${exception(FROZEN, 'modified')}`)
  await writeBaseline(sample.path)
  const { red } = await guarded(sample.path, { base: before })
  expect(red.map(({ fix }) => fix)).toEqual([expect.stringContaining('keep the old line of the baseline')])
})

test('a frozen folder may go where that was agreed on, also out of mesh.yml', async () => {
  await using sample = await guardedSample()
  const before = git(sample.path, 'rev-parse', 'HEAD')
  rmSync(join(sample.path, FROZEN), { recursive: true })
  edit(sample.path, 'mesh.yml', (text) => `${text}${exception(FROZEN, 'deleted')}`)
  expect(told((await guarded(sample.path, { base: before })).red)).toEqual([])
})

test('a mesh.yml under another name does not hide what the one of the base preserved', async () => {
  await using sample = await guardedSample()
  plant(sample.path, 'mesh.yml', 'preserve: { paths: [packages, docs], frozen: [] }\n')
  await writeBaseline(sample.path)
  const base = commitAll(sample.path)
  rmSync(join(sample.path, 'mesh.yml'))
  plant(sample.path, 'other.yml', 'preserve: { paths: [packages], frozen: [] }\n')
  const { red } = await guarded(sample.path, { base, file: 'other.yml' })
  expect(told(red)).toContainEqual('base/preserve.paths/docs: fail: this change takes it out')
})

test('a base that is not in the clone is refused in one line', async () => {
  await using sample = await guardedSample()
  await expect(guarded(sample.path, { base: 'f'.repeat(40) })).rejects.toThrow(
    /no commit "f{40}" in this clone/,
  )
  await expect(guarded(sample.path, { base: '--upload-pack=x' })).rejects.toThrow(/no commit/)
})
