import { existsSync } from 'node:fs'
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { CacheStore } from '../../../../src/stages/context.ts'
import { notWorthIt, restoreSlices } from '../../../../src/stages/setup-mesh-toolchain/caches/restore.ts'
import { sizeOf } from '../../../../src/stages/setup-mesh-toolchain/caches/size.ts'
import type { Slice } from '../../../../src/stages/setup-mesh-toolchain/caches/slices.ts'
import { ownerTag } from '../../../../src/toolchain/half-made.ts'
import { noteMakingTime } from '../../../../src/toolchain/making-time.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { stageContext } from '../../../support/stage-context.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** A store that restores like this, and that nobody saves to. */
function restoring(restore: CacheStore['restore']): CacheStore {
  return { restore, save: () => Promise.reject(new Error('nothing is saved here')) }
}

async function restoreInto(
  folder: string,
  store: CacheStore,
  options: { readonly limitMs?: number; readonly signal?: AbortSignal } = {},
) {
  const context = stageContext(folder, options.signal ? { signal: options.signal } : {})
  const slice: Slice = {
    name: 'go-build/any',
    folder: join(folder, 'cache'),
    key: 'family-1',
    restoreKeys: ['family-'],
    trim: 'entries',
  }
  const [restored] = await restoreSlices([slice], store, {
    log: context.log,
    limitMs: options.limitMs ?? 60_000,
    now: context.now,
    signal: context.signal,
  })
  return { restored, lines: context.lines, cache: slice.folder }
}

test('a key that is there is an exact hit, an older one a prefix hit, and what came back is counted', async () => {
  await using folder = await temporaryFolder()
  const gives = (key: string, name: string) =>
    restoring(async (into) => {
      await writeFiles(into, { '00/00-a': 'x'.repeat(1000) })
      return `${key}-${name}`
    })
  const exact = await restoreInto(join(folder.path, 'one'), gives('family', '1'))
  expect(exact.restored).toMatchObject({ hit: 'exact', bytes: 1000 })
  const prefix = await restoreInto(join(folder.path, 'two'), gives('family', '0'))
  expect(prefix.restored).toMatchObject({ hit: 'prefix', bytes: 1000 })
  expect(prefix.lines).toEqual([
    expect.stringMatching(/^cache go-build\/any: restored from an older run in .*, 1000 B$/),
  ])
})

test('what came back is counted whatever its folders, and links are not followed', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'a/b/c.txt': 'x'.repeat(1000), 'd.txt': 'yy' })
  await symlink('/etc', join(folder.path, 'a', 'l'))
  expect(await sizeOf(folder.path)).toBe(1002 + '/etc'.length)
  expect(await sizeOf(join(folder.path, 'none'))).toBe(0)
})

test('a folder that has something in it is left alone, and nothing is asked', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'cache/00/00-a': 'mine' })
  const { restored, lines } = await restoreInto(
    folder.path,
    restoring(() => Promise.reject(new Error('asked'))),
  )
  expect(restored).toMatchObject({ hit: 'present' })
  expect(lines).toEqual(['cache go-build/any: is on this machine already'])
})

test('a service that fails is told in one line with its cause', async () => {
  await using folder = await temporaryFolder()
  const refused = restoring(() => Promise.reject(new Error('connect ECONNREFUSED\nat somewhere')))
  const { restored, lines } = await restoreInto(folder.path, refused)
  expect(restored).toMatchObject({ hit: 'failed', cause: 'connect ECONNREFUSED' })
  expect(lines).toEqual([
    expect.stringMatching(/^cache go-build\/any: not restored, connect ECONNREFUSED \(.*\)$/),
  ])
})

test('a service that hangs is given up after the limit, and its work is ended', async () => {
  await using folder = await temporaryFolder()
  let ended = false
  const hangs = restoring(
    (_, __, ___, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended = true
          reject(signal.reason)
        })
      }),
  )
  const { restored } = await restoreInto(folder.path, hangs, { limitMs: 20 })
  expect(restored).toMatchObject({ hit: 'failed', cause: 'no answer within 20 ms' })
  expect(ended).toBe(true)
})

test('of what came back by half nothing stays', async () => {
  await using folder = await temporaryFolder()
  const half = restoring(async (into) => {
    await writeFiles(into, { '00/00-a': 'half' })
    throw new Error('tar: unexpected end of file')
  })
  const { restored, cache } = await restoreInto(folder.path, half)
  expect(restored).toMatchObject({ hit: 'failed', cause: 'tar: unexpected end of file' })
  expect(existsSync(cache)).toBe(false)
})

test('what a run that was killed left by half is cleared away before it is taken for whole', async () => {
  await using folder = await temporaryFolder()
  const dead = ownerTag().replace(/-\d+$/, '-999999999')
  const gives = restoring(async (into) => {
    await writeFiles(into, { '00/00-b': 'whole' })
    return 'family-1'
  })
  await writeFiles(folder.path, { 'cache/00/00-a': 'half', 'cache.mesh-filling': dead })
  const { restored, cache } = await restoreInto(folder.path, gives)
  expect(restored).toMatchObject({ hit: 'exact' })
  expect(await readdir(join(cache, '00'))).toEqual(['00-b'])
  expect(await readdir(folder.path)).toEqual(['cache'])

  // Somebody who lives is still at work on it.
  await writeFiles(folder.path, { 'cache.mesh-filling': ownerTag() })
  expect((await restoreInto(folder.path, gives)).restored).toMatchObject({ hit: 'present' })
})

test('a run that is cancelled meanwhile ends with its reason, and nothing stays by half', async () => {
  await using folder = await temporaryFolder()
  const abort = new AbortController()
  const cancelled = restoring(async (into, _, __, signal) => {
    await writeFiles(into, { '00/00-a': 'half' })
    abort.abort(new Error('cancelled'))
    throw signal.reason
  })
  await expect(restoreInto(folder.path, cancelled, { signal: abort.signal })).rejects.toThrow('cancelled')
  expect(existsSync(join(folder.path, 'cache'))).toBe(false)
})

test('what took longer to come back than it took to make once is not worth it, and a line says so', async () => {
  await using folder = await temporaryFolder()
  const makingMs = 12_000
  const slice = { name: 'go-build/any', hit: 'exact', makingMs } as const
  expect(notWorthIt({ ...slice, durationMs: 41_000 })).toBe(
    'restoring took 41.0 s, making it took 12.0 s: set cache: off',
  )
  expect(notWorthIt({ ...slice, durationMs: 11_000 })).toBeUndefined()
  expect(notWorthIt({ name: 'go-modules', hit: 'exact', durationMs: 41_000 })).toBeUndefined()

  const made = restoring(async (into) => {
    await writeFiles(into, { '00/00-a': 'x' })
    await noteMakingTime(into, -1)
    return 'family-1'
  })
  const { lines } = await restoreInto(folder.path, made)
  expect(lines.at(-1)).toMatch(/^cache go-build\/any: restoring took .*: set cache: off$/)
})

test('of two times that something took to make the longer one counts, and a torn note says nothing', async () => {
  await using folder = await temporaryFolder()
  const noted = async (...times: readonly number[]) => {
    for (const ms of times) await noteMakingTime(folder.path, ms)
    return readFile(join(folder.path, 'mesh-making-time.json'), 'utf8')
  }
  expect(await noted(5_000.4, 300)).toBe('{"ms":5000}')
  await writeFile(join(folder.path, 'mesh-making-time.json'), '{"ms":')
  expect(await noted(300)).toBe('{"ms":300}')
  await noteMakingTime(join(folder.path, 'none'), 300)
  expect(existsSync(join(folder.path, 'none'))).toBe(false)
})
