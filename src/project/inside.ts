import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/**
 * The absolute path of a path relative to a folder, or undefined when it leads out of that folder: by its
 * spelling, or because it or one of its parents is a symbolic link to somewhere else. The path need not exist.
 */
export function resolveInside(root: string, path: string): string | undefined {
  const target = join(root, path)
  return isInside(root, target) && isInside(realpathSync(root), realpathOfExisting(target))
    ? target
    : undefined
}

function isInside(root: string, target: string): boolean {
  const way = relative(root, target)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** The real path of the longest part that exists, with the rest as it is. */
function realpathOfExisting(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const parent = dirname(path)
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || parent === path) throw error
    const target = code === 'ENOENT' ? linkTarget(path) : undefined
    return target === undefined
      ? join(realpathOfExisting(parent), path.slice(parent.length))
      : realpathOfExisting(resolve(realpathOfExisting(parent), target))
  }
}

/** Where a symbolic link points; what is written to it ends up there, even when nothing is there yet. */
function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined
}
