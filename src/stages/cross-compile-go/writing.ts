import { ConfigurationError } from '../../result/configuration-error.ts'

/** What the file system answers where a user can mend it, in words. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a folder has its name',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
}

/**
 * Does work that writes `path`. Throws a ConfigurationError that names it where the file system refuses for a reason
 * that is the user's to mend.
 */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const cause = Object.hasOwn(CAUSES, code) ? CAUSES[code] : undefined
    if (cause === undefined) throw error
    throw new ConfigurationError(`cannot write ${path}: ${cause} (${code})`)
  }
}
