import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { cacheFolder, unwritable } from '../../../toolchain/made-once.ts'

/** How often the holder shows that it lives, and after how long without that its lock counts for nothing. */
const SIGN_OF_LIFE_MS = 1_000
const STALE_MS = 15_000
const LOOK_AGAIN_MS = 50

/**
 * Waits until nobody else of this machine holds the file, and holds it until its scope ends. A holder that was killed
 * is passed over: what it left shows no sign of life. `onWait` is called once when there is somebody to wait for.
 */
export async function locked(
  file: string,
  signal: AbortSignal,
  onWait: () => void = () => {},
): Promise<AsyncDisposable> {
  await cacheFolder(dirname(file))
  const own = randomUUID()
  for (let waited = false; !(await taken(file, own)); waited = true) {
    if (!waited) onWait()
    await clearStale(file)
    await delay(LOOK_AGAIN_MS, undefined, { signal })
  }
  const alive = setInterval(() => {
    const now = new Date()
    // Where it is gone, somebody took this process for dead; the next run finds out what became of the folder.
    utimes(file, now, now).catch(() => {})
  }, SIGN_OF_LIFE_MS)
  alive.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(alive)
      if ((await contents(file)) === own) await rm(file, { force: true })
    },
  }
}

async function taken(file: string, own: string): Promise<boolean> {
  try {
    await writeFile(file, own, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw unwritable(error as NodeJS.ErrnoException, dirname(file))
  }
}

async function clearStale(file: string): Promise<void> {
  const owner = await contents(file)
  const seen = await stat(file).catch(() => undefined)
  if (owner === undefined || !seen || Date.now() - seen.mtimeMs < STALE_MS) return
  const aside = `${file}.${randomUUID()}`
  await rename(file, aside).catch(() => {})
  // Between the look and the rename somebody may have taken it anew: then it goes back.
  if ((await contents(aside)) === owner) await rm(aside, { force: true })
  else await rename(aside, file).catch(() => {})
}

async function contents(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}
