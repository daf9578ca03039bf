import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * How far back the times of restored entries are set. Go marks an entry as used only when its time is over an hour
 * old, and deletes what is over five days old (cmd/go/internal/cache).
 */
const AGED_MS = 2 * 60 * 60_000

/** Sets the time of every entry of a Go build cache back, so that a build marks what it uses. Their number and size. */
export async function ageEntries(folder: string, now: Date): Promise<{ entries: number; bytes: number }> {
  const aged = new Date(now.getTime() - AGED_MS)
  let entries = 0
  let bytes = 0
  await forEachEntry(folder, async (file) => {
    const { size } = await stat(file)
    bytes += size
    entries++
    await utimes(file, aged, aged)
  })
  return { entries, bytes }
}

/** Drops the entries that nothing used since a time. How many stayed and how many went, in numbers and bytes. */
export async function dropUnused(
  folder: string,
  since: Date,
): Promise<{ kept: number; keptBytes: number; dropped: number; droppedBytes: number }> {
  const sum = { kept: 0, keptBytes: 0, dropped: 0, droppedBytes: 0 }
  await forEachEntry(folder, async (file) => {
    const { mtimeMs, size } = await stat(file)
    if (mtimeMs >= since.getTime()) {
      sum.kept++
      sum.keptBytes += size
    } else {
      sum.dropped++
      sum.droppedBytes += size
      await rm(file, { force: true })
    }
  })
  return sum
}

/** Entries lie in 256 folders named by two hexadecimal digits; what else is in a cache is not ours to judge. */
async function forEachEntry(folder: string, visit: (file: string) => Promise<void>): Promise<void> {
  const shelves = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  await Promise.all(
    shelves
      .filter((shelf) => /^[0-9a-f]{2}$/.test(shelf))
      .map(async (shelf) => {
        for (const entry of await readdir(join(folder, shelf))) await visit(join(folder, shelf, entry))
      }),
  )
}
