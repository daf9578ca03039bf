import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { CacheStore } from '../../../../src/stages/context.ts'
import { saveSlices } from '../../../../src/stages/setup-mesh-toolchain/caches/save.ts'
import type { Slice } from '../../../../src/stages/setup-mesh-toolchain/caches/slices.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { stageContext } from '../../../support/stage-context.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const SINCE = new Date('2026-03-01T12:00:00.000Z')

/** Saves a build cache of one entry that was used and one that was not, and the uv cache. */
async function save(
  folder: string,
  store: CacheStore['save'],
  options: { readonly limitMs?: number; readonly used?: boolean } = {},
) {
  const build = join(folder, 'build')
  await writeFiles(folder, { 'build/00/00-a': 'used', 'build/01/01-a': 'not used', 'uv/archive': 'wheel' })
  await utimes(join(build, '01', '01-a'), new Date(0), new Date(0))
  if (options.used === false) await utimes(join(build, '00', '00-a'), new Date(0), new Date(0))
  const slice = (name: string, path: string, trim: Slice['trim']) => ({
    slice: { name, folder: path, key: `key-of-${name}`, restoreKeys: [], trim },
    since: SINCE.toISOString(),
  })
  const { log, lines, signal } = stageContext(folder)
  await saveSlices(
    [slice('build', build, 'entries'), slice('uv', join(folder, 'uv'), 'exact')],
    { restore: () => Promise.reject(new Error('nothing is restored here')), save: store },
    { log, signal, limitMs: options.limitMs ?? 60_000 },
  )
  return {
    lines: [...lines].sort(),
    left: (await readdir(build, { recursive: true })).filter((name) => /-a$/.test(name)),
  }
}

test('what this job used is saved under its key, without what it did not use', async () => {
  await using folder = await temporaryFolder()
  const keys: string[] = []
  const { lines, left } = await save(folder.path, async (_, key) => void keys.push(key))
  expect(keys.sort()).toEqual(['key-of-build', 'key-of-uv'])
  expect(left).toEqual(['00/00-a'])
  expect(lines).toEqual([
    expect.stringMatching(/^cache build: saved in .*, 4 B without 8 B that nothing used$/),
    expect.stringMatching(/^cache uv: saved in [^,]*, 5 B$/),
  ])
})

test('a build cache that nothing was built with is left to the job that builds that platform', async () => {
  await using folder = await temporaryFolder()
  const keys: string[] = []
  const { lines } = await save(folder.path, async (_, key) => void keys.push(key), { used: false })
  expect(keys).toEqual(['key-of-uv'])
  expect(lines).toContain('cache build: nothing was built with it here, so it is not saved')
})

test('a service that refuses, for one slice or all, is a line each and no more', async () => {
  await using folder = await temporaryFolder()
  const { lines } = await save(folder.path, async (_, key) => {
    if (key === 'key-of-uv') throw new Error('cache write denied\nat somewhere')
  })
  expect(lines).toEqual([
    expect.stringMatching(/^cache build: saved in /),
    'cache uv was not saved: cache write denied',
  ])
})

test('a service that hangs is given up after the limit', async () => {
  await using folder = await temporaryFolder()
  const { lines } = await save(
    folder.path,
    (_, __, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    { limitMs: 20 },
  )
  expect(lines).toEqual(['build', 'uv'].map((name) => `cache ${name} was not saved: no answer within 20 ms`))
})
