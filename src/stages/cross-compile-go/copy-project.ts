import { copyFile, cp, lstat, mkdir, readlink, symlink } from 'node:fs/promises'
import { dirname, join, posix, resolve } from 'node:path'
import { run, succeeded } from '../../process/run.ts'

const LIST_TIMEOUT_MS = 60_000

/**
 * Copies a project to an empty folder, without .git: with it all that its git repository holds and does not ignore,
 * since a module may be replaced by a folder beside the project; the project alone where no git knows it.
 * Returns where the project then is.
 */
export async function copyProject(from: string, to: string, signal: AbortSignal): Promise<string> {
  const held = await heldByGit(from, signal)
  if (!held) {
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/[/\\]\.git$/.test(path),
    })
    return to
  }
  for (const path of held.paths) {
    const source = join(held.top, path)
    const kind = await lstat(source).catch(() => undefined)
    if (!kind || kind.isDirectory()) continue
    await mkdir(dirname(join(to, path)), { recursive: true })
    if (kind.isSymbolicLink()) await symlink(await readlink(source), join(to, path))
    else await copyFile(source, join(to, path))
  }
  return join(to, held.prefix)
}

/** What git holds of the repository around a folder; undefined without git, and where it ignores the folder. */
async function heldByGit(folder: string, signal: AbortSignal) {
  const ask = async (cwd: string, ...args: string[]) => {
    const outcome = await run(['git', ...args], {
      cwd,
      timeoutMs: LIST_TIMEOUT_MS,
      signal,
      stdout: 'capture',
    }).catch(() => undefined)
    signal.throwIfAborted()
    // No git, or no repository.
    return outcome && succeeded(outcome) ? outcome.stdout : undefined
  }
  // Two lines: the way up to the top and the way back down, both empty there.
  const where = await ask(folder, 'rev-parse', '--show-cdup', '--show-prefix')
  if (where === undefined) return undefined
  const [up = '', prefix = ''] = where.split('\n')
  const top = resolve(folder, up)
  const listed = await ask(top, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  const paths = new Set((listed ?? '').split('\0').filter((name) => name !== ''))
  if (![...paths].some((path) => path.startsWith(prefix))) return undefined
  return { top, prefix: posix.normalize(prefix || '.'), paths }
}
