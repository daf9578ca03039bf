import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'
import { folderBeside, nameAside } from './half-made.ts'

/**
 * Fills a folder under a name of its own and then gives it its real one, so that what is there is whole. When somebody
 * else was faster, theirs stays. What `make` throws is thrown, and nothing is left behind.
 */
export async function madeOnce(target: string, make: (folder: string) => Promise<void>): Promise<void> {
  await cacheFolder(dirname(target))
  const beside = await folderBeside(target).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(error, dirname(target))
  })
  try {
    await make(beside)
    await rename(beside, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error
    })
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/** Makes a folder in the user's cache. Throws a ConfigurationError where that cannot be written. */
export async function cacheFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw unwritable(error as NodeJS.ErrnoException, folder)
  }
}

/** The error of a cache that cannot be written, in the user's words; any other error as it is. */
export function unwritable(error: NodeJS.ErrnoException, folder: string): Error {
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'].includes(error.code ?? '')) {
    return error
  }
  return new ConfigurationError(`cannot write ${folder}: ${error.code}`, {
    fix: 'give the cache folder room and permissions, or name another with XDG_CACHE_HOME',
  })
}

/** Takes a folder away: at once out of its place, then its files. */
export async function removed(folder: string): Promise<void> {
  const aside = nameAside(folder)
  try {
    await rename(folder, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw unwritable(error as NodeJS.ErrnoException, folder)
  }
  await rm(aside, { recursive: true, force: true })
}
