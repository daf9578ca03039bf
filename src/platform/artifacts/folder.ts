import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { type Artifacts, nameTaken } from './artifacts.ts'

/** How long an artifact of an earlier run may lie about before a later run clears it away. */
const KEEP_MS = 24 * 60 * 60_000

/**
 * Artifacts as folders, where there is no service for them: `<base>/<run>/<name>/...`. `run` is what the jobs of
 * one run share and no other run has.
 */
export function folderArtifacts(base: string, run: string): Artifacts {
  const home = join(base, run)
  return {
    async upload(name, files, root) {
      await mkdir(home, { recursive: true })
      await clearOld(base, run)
      const half = await mkdtemp(join(home, '.half-'))
      try {
        for (const file of files) {
          const target = join(half, relative(root, file))
          await mkdir(dirname(target), { recursive: true })
          await copyFile(file, target)
        }
        // As on GitHub: what one step made must not take the place of what another did.
        if (await stat(join(home, name)).catch(ifMissing(undefined))) throw nameTaken(name)
        await rename(half, join(home, name))
        return true
      } finally {
        await rm(half, { recursive: true, force: true })
      }
    },
    async list() {
      const entries = await readdir(home).catch(ifMissing<string[]>([]))
      return entries.filter((entry) => !entry.startsWith('.'))
    },
    async download(name, folder) {
      const there = await stat(join(home, name)).catch(ifMissing(undefined))
      if (!there) throw new ConfigurationError(`this run has no artifact ${name}`)
      await cp(join(home, name), folder, { recursive: true })
    },
  }
}

async function clearOld(base: string, run: string): Promise<void> {
  for (const other of await readdir(base)) {
    if (other === run) continue
    const folder = join(base, other)
    // Another run may clear the same folder at this moment.
    const found = await stat(folder).catch(ifMissing(undefined))
    if (found && Date.now() - found.mtimeMs > KEEP_MS) await rm(folder, { recursive: true, force: true })
  }
}

function ifMissing<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value
    throw error
  }
}
