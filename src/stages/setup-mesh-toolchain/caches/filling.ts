import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isAbandoned, ownerTag } from '../../../toolchain/half-made.ts'
import { cacheFolder } from '../../../toolchain/made-once.ts'

/**
 * Says beside a folder that it is being filled, until its scope ends. Caches come back only to the path that they were
 * saved from, so they cannot be unpacked elsewhere first.
 */
export async function filling(folder: string): Promise<AsyncDisposable> {
  await cacheFolder(dirname(folder))
  await writeFile(noteOf(folder), ownerTag())
  return { [Symbol.asyncDispose]: () => rm(noteOf(folder), { force: true }) }
}

/** Whether who was filling a folder was killed over it, so that half of something lies there. */
export async function isHalfFilled(folder: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(noteOf(folder))
    return isAbandoned(await readFile(noteOf(folder), 'utf8'), mtimeMs)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function noteOf(folder: string): string {
  return `${folder}.mesh-filling`
}
