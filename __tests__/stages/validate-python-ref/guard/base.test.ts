import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
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
  expect(told((await guarded(sample.path)).red)).toEqual([
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
  const { checks } = await guarded(sample.path)
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
  })
  const { red, checks } = await guarded(sample.path)
  expect(told(red)).toEqual([])
  expect(told(checks)).toContainEqual(expect.stringMatching(/^base: pass: held against [0-9a-f]{7}$/))
})

test('a base whose mesh.yml cannot be read leaves it open', async () => {
  await using sample = await guardedSample()
  plant(sample.path, 'mesh.yml', 'preserve: [\n')
  const base = commitAll(sample.path)
  rmSync(join(sample.path, 'mesh.yml'))
  const { checks } = await guarded(sample.path, { base })
  expect(checks.find(({ id }) => id === 'base/preserve')?.verdict).toBe('inconclusive')
})

test('a base that is not in the clone is refused in one line', async () => {
  await using sample = await guardedSample()
  await expect(guarded(sample.path, { base: 'f'.repeat(40) })).rejects.toThrow(
    /no commit "f{40}" in this clone/,
  )
  await expect(guarded(sample.path, { base: '--upload-pack=x' })).rejects.toThrow(/no commit/)
})
