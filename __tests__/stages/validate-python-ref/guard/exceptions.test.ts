import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { plant } from '../../../support/sample.ts'
import { guarded, guardedSample, told } from './sample-guard.ts'

const SERVER = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/server'

function exception(path: string, change: string, expires: string): string {
  return `preserve:\n  exceptions:\n    - { path: '${path}', change: ${change}, reason: not used, owner: mesh team, expires: ${expires} }\n`
}

test.each([`${SERVER}/store.py`, `${SERVER}/s*.py`, SERVER, '**/store.py'])(
  'an exception for %s excuses the deletion, with its reason and owner',
  async (path) => {
    await using sample = await guardedSample()
    rmSync(join(sample.path, SERVER, 'store.py'))
    plant(sample.path, 'mesh.yml', exception(path, 'deleted', '2026-12-31'))
    const { red, checks } = await guarded(sample.path, { today: '2026-11-01' })
    expect(told(red)).toEqual([])
    expect(told(checks)).toContainEqual('exceptions/1: pass: not used (mesh team, until 2026-12-31)')
    expect(told(checks)).toContainEqual('preserved/packages: pass: 1 deleted')
  },
)

test('an exception for another kind of change excuses nothing, and is itself not needed', async () => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, SERVER, 'store.py'))
  plant(sample.path, 'mesh.yml', exception(SERVER, 'moved', '2026-12-31'))
  const { red } = await guarded(sample.path, { today: '2026-11-01' })
  expect(told(red)).toEqual([
    `preserved/${SERVER}/store.py: fail: it was deleted`,
    'exceptions/1: fail: nothing needs it any more',
  ])
  expect(red[1]?.location).toEqual({ file: 'mesh.yml', line: 3 })
})

test.each([
  ['2026-12-31', '2026-12-31', []],
  ['2026-12-31', '2027-01-01', ['it expired on 2026-12-31']],
  ['2026-12-31', '2026-10-02', []],
  ['2026-12-31', '2026-10-01', ['it expires on 2026-12-31, more than 90 days ahead']],
])('an exception until %s on %s: %j', async (expires, today, details) => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, SERVER, 'store.py'))
  plant(sample.path, 'mesh.yml', exception(SERVER, 'deleted', expires))
  const { red } = await guarded(sample.path, { today })
  expect(red.filter(({ id }) => id.startsWith('exceptions')).map(({ detail }) => detail)).toEqual(details)
  expect(red.some(({ id }) => id.startsWith('preserved'))).toBe(details.length > 0)
})

test('an exception for tests excuses those of its file alone', async () => {
  await using sample = await guardedSample()
  rmSync(join(sample.path, 'packages/mcp_mesh/tests/test_metadata.py'))
  const file = 'packages/mcp_mesh/tests/test_metadata.py'
  plant(sample.path, 'mesh.yml', exception(file, 'deleted', '2026-12-31'))
  expect(told((await guarded(sample.path, { today: '2026-11-01' })).red)).toEqual([])
})
