import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ageEntries, dropUnused } from '../../../../src/stages/setup-mesh-toolchain/caches/build-cache.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')

/** A build cache with 512 entries of 100 bytes on 256 shelves, and a file that is no entry. */
async function cacheIn(folder: string): Promise<readonly string[]> {
  const entries: string[] = []
  for (let shelf = 0; shelf < 256; shelf++) {
    const name = shelf.toString(16).padStart(2, '0')
    await mkdir(join(folder, name))
    for (const kind of ['a', 'd']) {
      entries.push(join(folder, name, `${name}-${kind}`))
      await writeFile(join(folder, name, `${name}-${kind}`), 'x'.repeat(100))
    }
  }
  await writeFile(join(folder, 'trim.txt'), 'x'.repeat(100))
  return entries
}

describe('the entries of a Go build cache', () => {
  test('are all set back by more than the hour that Go looks at, and counted', async () => {
    await using folder = await temporaryFolder()
    const entries = await cacheIn(folder.path)
    expect(await ageEntries(folder.path, NOW)).toEqual({ entries: 512, bytes: 51_200 })
    const times = await Promise.all(entries.map(async (entry) => (await stat(entry)).mtimeMs))
    expect(new Set(times)).toEqual(new Set([NOW.getTime() - 2 * 60 * 60_000]))
  })

  test('that nothing used since are dropped, and only those', async () => {
    await using folder = await temporaryFolder()
    const entries = await cacheIn(folder.path)
    await ageEntries(folder.path, NOW)
    const used = entries.slice(0, 12)
    for (const entry of used) await utimes(entry, NOW, NOW)
    expect(await dropUnused(folder.path, NOW)).toEqual({
      kept: 12,
      keptBytes: 1200,
      dropped: 500,
      droppedBytes: 50_000,
    })
    const left = await readdir(folder.path, { recursive: true })
    expect(
      left
        .filter((name) => /-[ad]$/.test(name))
        .map((name) => join(folder.path, name))
        .sort(),
    ).toEqual([...used].sort())
    expect(left).toContain('trim.txt')
  })

  test('of a cache that is not there are none', async () => {
    await using folder = await temporaryFolder()
    expect(await ageEntries(join(folder.path, 'none'), NOW)).toEqual({ entries: 0, bytes: 0 })
  })
})
