import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Lies in the folder that it speaks of, so that it is saved and restored with it. */
const NOTE = 'mesh-making-time.json'

/**
 * Notes in a cache's folder how long what is in it took to make, in milliseconds. The longest counts: a build that
 * found most of it there already says nothing of what making all of it would take. Of no folder nothing is noted.
 */
export async function noteMakingTime(folder: string, ms: number): Promise<void> {
  const noted = await makingTime(folder)
  if (noted !== undefined && noted >= ms) return
  await writeFile(join(folder, NOTE), JSON.stringify({ ms: Math.round(ms) })).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    },
  )
}

/** What was noted, in milliseconds; undefined where nobody measured it. */
export async function makingTime(folder: string): Promise<number | undefined> {
  try {
    const { ms } = JSON.parse(await readFile(join(folder, NOTE), 'utf8')) as { ms?: unknown }
    return typeof ms === 'number' ? ms : undefined
  } catch (error) {
    // Killed while it was written, it says nothing.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
