import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'

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
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error
    return join(realpathOfExisting(parent), path.slice(parent.length))
  }
}
