import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { commitAll, copySample, edit, plant } from '../../../support/sample.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { guarded, guardedSample, told, writeBaseline } from './sample-guard.ts'

const DECORATORS = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/decorators/mesh_agent.py'
const SERVER = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/server'

test('the untouched sample is kept, and without a base it is said that the baseline was not held against one', async () => {
  await using sample = await guardedSample()
  const { red, checks } = await guarded(sample.path)
  expect(told(red)).toEqual([])
  expect(told(checks)).toContainEqual('preserved/packages: pass: nothing has changed')
  expect(told(checks)).toContainEqual(expect.stringMatching(/^tests-kept: pass: \d+/))
  expect(told(checks)).toContainEqual(expect.stringMatching(/^base: skipped: not checked/))
})

test.each(['in the working tree', 'in a commit'])(
  'a file that was deleted %s fails and is named',
  async (where) => {
    await using sample = await guardedSample()
    rmSync(join(sample.path, SERVER, 'store.py'))
    if (where === 'in a commit') commitAll(sample.path)
    const { red } = await guarded(sample.path)
    expect(told(red)).toEqual([`preserved/${SERVER}/store.py: fail: it was deleted`])
  },
)

test('with all of packages gone, that is told once', async () => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, 'packages'), { recursive: true })
  const { red, complete } = await guarded(sample.path)
  expect(complete).toBe(false)
  expect(told(red)).toEqual(['preserved/packages: fail: the whole of it is gone'])
})

test('of very many files that are gone the summary names some and counts the rest', async () => {
  await using sample = await guardedSample()
  const names = Array.from({ length: 60 }, (_, index) => `packages/mcp_mesh/extra/m${index}.py`)
  for (const [index, name] of names.entries()) plant(sample.path, name, `x = ${index}\n`)
  commitAll(sample.path)
  await writeBaseline(sample.path)
  rmSync(join(sample.path, 'packages/mcp_mesh/extra'), { recursive: true })
  const { red } = await guarded(sample.path)
  expect(red).toHaveLength(51)
  expect(told(red)).toContainEqual('preserved-more: fail: 10 more are not')
})

test.each(['tracked', 'untracked'])('a file that was moved is told as a move to a %s place', async (kind) => {
  await using sample = await guardedSample()
  renameSync(join(sample.path, SERVER, 'store.py'), join(sample.path, SERVER, 'database.py'))
  if (kind === 'tracked') commitAll(sample.path)
  const { red } = await guarded(sample.path)
  expect(told(red)).toEqual([`preserved/${SERVER}/store.py: fail: it was moved to ${SERVER}/database.py`])
})

test('empty files are alike: one that is deleted did not move to another one of another name', async () => {
  await using sample = await guardedSample()
  plant(sample.path, 'packages/mcp_mesh/empty.py', '')
  commitAll(sample.path)
  await writeBaseline(sample.path)
  rmSync(join(sample.path, 'packages/mcp_mesh/empty.py'))
  plant(sample.path, 'packages/mcp_mesh/new.py', '')
  const { red } = await guarded(sample.path)
  expect(told(red)).toEqual(['preserved/packages/mcp_mesh/empty.py: fail: it was deleted'])
})

test.each([
  ['a docstring', '"""The decorator."""\n'],
  ['comments and pass', '# gone\npass\n'],
  ['nothing', ''],
])('a frozen file that was emptied to %s is told as emptied', async (_, text) => {
  await using sample = await guardedSample()
  writeFileSync(join(sample.path, DECORATORS), text)
  const { red } = await guarded(sample.path)
  expect(told(red)).toEqual([`preserved/${DECORATORS}: fail: no code is left in it`])
})

test('one line changed in a frozen file fails; changed elsewhere and added it is counted', async () => {
  await using sample = await guardedSample()
  edit(sample.path, `${SERVER}/store.py`, (text) => `${text}\n# more\n`)
  plant(sample.path, 'packages/mcp_mesh/NOTES.md', 'new\n')
  commitAll(sample.path)
  const allowed = await guarded(sample.path)
  expect(told(allowed.red)).toEqual([])
  expect(told(allowed.checks)).toContainEqual('preserved/packages: pass: 1 modified, 1 added')
  edit(sample.path, DECORATORS, (text) => `${text}\nx = 1\n`)
  const { red } = await guarded(sample.path)
  expect(told(red)).toEqual([`preserved/${DECORATORS}: fail: it is frozen and was changed`])
})

test('a file that becomes executable, or a link, fails with what it was and is', async () => {
  await using sample = await guardedSample()
  chmodSync(join(sample.path, SERVER, 'store.py'), 0o755)
  rmSync(join(sample.path, SERVER, 'app.py'))
  symlinkSync('store.py', join(sample.path, SERVER, 'app.py'))
  const { red } = await guarded(sample.path)
  expect(told(red)).toEqual([
    `preserved/${SERVER}/app.py: fail: it was a file and is a symbolic link`,
    `preserved/${SERVER}/store.py: fail: it was a file and is an executable file`,
  ])
})

test('a symbolic link that leaves the project fails and names its target', async () => {
  await using sample = await guardedSample()
  symlinkSync('../../../outside', join(sample.path, 'packages', 'linked'))
  commitAll(sample.path)
  const { red } = await guarded(sample.path)
  expect(told(red)).toEqual([
    'preserved/packages/linked: fail: a symbolic link to ../../../outside, which leaves the project',
  ])
})

test('names with spaces, quotes, line ends and other letters are kept and told as they are', async () => {
  await using sample = await guardedSample()
  const names = [
    'a b.py',
    'say "hi".py',
    'two\nlines.py',
    'größe.py',
    'back\\slash.py',
    '- dash.py',
    'star*.py',
  ]
  for (const name of names) plant(sample.path, join('packages', name), `# ${name.length}\nx = 1\n`)
  commitAll(sample.path)
  await writeBaseline(sample.path)
  expect(told((await guarded(sample.path)).red)).toEqual([])
  for (const name of names) rmSync(join(sample.path, 'packages', name))
  const { red } = await guarded(sample.path)
  expect(red.map(({ id }) => id).sort()).toEqual(names.map((name) => `preserved/packages/${name}`).sort())
})

test('line ends that git converts are no change', async () => {
  await using sample = await guardedSample()
  execFileSync('git', ['config', 'core.autocrlf', 'true'], { cwd: sample.path })
  edit(sample.path, DECORATORS, (text) => text.replaceAll('\n', '\r\n'))
  const text = execFileSync('git', ['show', 'HEAD:mesh.baseline'], { cwd: sample.path, encoding: 'utf8' })
  writeFileSync(join(sample.path, 'mesh.baseline'), text.replaceAll('\n', '\r\n'))
  expect(told((await guarded(sample.path)).red)).toEqual([])
})

test('a test that is deleted or switched off fails and is named; another in its place makes up for it', async () => {
  await using sample = await guardedSample()
  const file = 'packages/mcp_mesh/tests/test_metadata.py'
  edit(sample.path, file, (text) => text.replace(/^((?:async )?def )(test_\w+)/m, '@pytest.mark.skip\n$1$2'))
  const off = await guarded(sample.path)
  expect(told(off.red)).toEqual([
    expect.stringMatching(
      /^tests-kept: fail: \d+ of \d+ are left: .*test_metadata\.py::test_\w+ was skipped$/,
    ),
  ])
  edit(sample.path, file, (text) => `${text}\n\ndef test_instead():\n    assert True\n`)
  expect(told((await guarded(sample.path)).red)).toEqual([])
})

test('without a baseline nothing is proved, and the command that writes one is named', async () => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, 'mesh.baseline'))
  const { checks } = await guarded(sample.path)
  expect(checks.find(({ id }) => id === 'baseline')).toMatchObject({
    verdict: 'inconclusive',
    fix: 'write it and commit it: mesh-actions baseline',
  })
})

test('the marks of an unfinished merge in the baseline are refused at their line', async () => {
  await using sample = await guardedSample()
  edit(sample.path, 'mesh.baseline', (text) => text.replace('[files]\n', '[files]\n<<<<<<< HEAD\n'))
  await expect(guarded(sample.path)).rejects.toThrow('a mark of an unfinished merge')
})

test('outside of git the guard says so instead of finding everything deleted', async () => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, '.git'), { recursive: true })
  await expect(guarded(sample.path)).rejects.toThrow(/not a git repository/)
})

test('the same answer comes from a shallow clone and from a project below the root of its repository', async () => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, SERVER, 'store.py'))
  edit(sample.path, DECORATORS, (text) => `${text}\nx = 1\n`)
  commitAll(sample.path)
  const expected = told((await guarded(sample.path)).red)
  expect(expected).toHaveLength(2)
  const shallow = join(sample.path, 'shallow')
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${sample.path}`, shallow])
  expect(told((await guarded(shallow)).red)).toEqual(expected)
  rmSync(join(shallow, '.git'), { recursive: true })
  mkdirSync(join(sample.path, 'outer'))
  renameSync(shallow, join(sample.path, 'outer', 'mesh'))
  execFileSync('git', ['init', '--quiet'], { cwd: join(sample.path, 'outer') })
  commitAll(join(sample.path, 'outer'))
  expect(told((await guarded(join(sample.path, 'outer', 'mesh'))).red)).toEqual(expected)
})

test.each(['true', 'false'])(
  'of a project below the root of its repository changes that are not committed are told, where status.relativePaths is %s',
  async (setting) => {
    await using outer = await temporaryFolder()
    const directory = join(outer.path, 'services', 'mesh')
    copySample(directory)
    rmSync(join(directory, '.git'), { recursive: true })
    execFileSync('git', ['init', '--quiet'], { cwd: outer.path })
    commitAll(outer.path)
    await writeBaseline(directory)
    commitAll(outer.path)
    execFileSync('git', ['config', 'status.relativePaths', setting], { cwd: outer.path })
    edit(directory, DECORATORS, (text) => `${text}\nx = 1\n`)
    rmSync(join(directory, SERVER, 'store.py'))
    plant(directory, `${SERVER}/caf\u00e9.py`, 'x = 1\n')
    renameSync(join(directory, SERVER, 'errors.py'), join(directory, SERVER, 'f\u00e9hler.py'))
    expect(told((await guarded(directory)).red)).toEqual([
      `preserved/${DECORATORS}: fail: it is frozen and was changed`,
      `preserved/${SERVER}/errors.py: fail: it was moved to ${SERVER}/f\u00e9hler.py`,
      `preserved/${SERVER}/store.py: fail: it was deleted`,
    ])
  },
)

test('a preserved path that the baseline has no line of proves nothing', async () => {
  await using sample = await guardedSample()
  plant(sample.path, 'mesh.yml', 'preserve: { paths: [packages, docs] }\n')
  const { checks } = await guarded(sample.path)
  expect(checks.find(({ id }) => id === 'baseline')).toMatchObject({
    verdict: 'inconclusive',
    detail: 'mesh.baseline names no file under docs',
  })
})

test('what is frozen is guarded also where it is not preserved', async () => {
  await using sample = await guardedSample()
  plant(sample.path, 'mesh.yml', 'preserve: { frozen: [docs] }\n')
  await writeBaseline(sample.path)
  commitAll(sample.path)
  edit(sample.path, 'docs/registry-api.md', (text) => `${text}more\n`)
  expect(told((await guarded(sample.path)).red)).toEqual([
    'preserved/docs/registry-api.md: fail: it is frozen and was changed',
  ])
})

test('a package beside a module of the baseline takes its place', async () => {
  await using sample = await guardedSample()
  plant(sample.path, DECORATORS.replace('.py', '/__init__.py'), 'x = 1\n')
  commitAll(sample.path)
  expect(told((await guarded(sample.path)).red)).toEqual([
    `preserved/${DECORATORS}: fail: ${DECORATORS.replace('.py', '/__init__.py')} takes its place`,
  ])
})

test('a file that git no longer tracks, though it is there, is told as that', async () => {
  await using sample = await guardedSample()
  execFileSync('git', ['rm', '--quiet', '--cached', `${SERVER}/store.py`], { cwd: sample.path })
  expect(told((await guarded(sample.path)).red)).toEqual([
    `preserved/${SERVER}/store.py: fail: git does not track it any more`,
  ])
})

test('names that are no UTF-8 are compared by their bytes', async () => {
  await using sample = await guardedSample()
  const name = Buffer.concat([
    Buffer.from(`${sample.path}/packages/caf`),
    Buffer.from([0xe9]),
    Buffer.from('.py'),
  ])
  writeFileSync(name, 'x = 1\n')
  commitAll(sample.path)
  await writeBaseline(sample.path)
  expect(told((await guarded(sample.path)).red)).toEqual([])
  rmSync(join(sample.path, SERVER, 'store.py'))
  writeFileSync(name, 'x = 2\n')
  writeFileSync(Buffer.concat([name, Buffer.from([0xe8])]), 'x = 3\n')
  expect(told((await guarded(sample.path)).red)).toEqual([
    `preserved/${SERVER}/store.py: fail: it was deleted`,
  ])
  writeFileSync(name, '')
  expect(told((await guarded(sample.path)).red)).toContainEqual(
    'preserved/packages/caf\\351.py: fail: no code is left in it',
  )
})

test('the repository that a hook runs for does not lead away from the project', async () => {
  await using sample = await guardedSample()
  const worktree = join(sample.path, 'worktree')
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', worktree], { cwd: sample.path })
  // As git sets them for a hook of a worktree, for one of a commit of all that changed, and for one of another commit.
  for (const hook of [
    { GIT_DIR: join(sample.path, '.git') },
    { GIT_INDEX_FILE: join(sample.path, '.git', 'index.lock') },
    { GIT_INDEX_FILE: '.git/index' },
  ]) {
    const before = { ...process.env }
    Object.assign(process.env, hook)
    try {
      expect(told((await guarded(worktree)).red)).toEqual([])
    } finally {
      process.env = before
    }
  }
})
