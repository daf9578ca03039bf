import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The bytes of all files in a folder, links not followed; 0 where there is no such folder. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(absent)
  const sizes = (entries ?? []).map(async (entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? sizeOf(path) : ((await lstat(path).catch(absent))?.size ?? 0)
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** What is taken away meanwhile has no size. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
