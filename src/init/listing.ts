import { readdir, readFile, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { run, succeeded } from '../process/run.ts'
import { ConfigurationError } from '../result/configuration-error.ts'

/** Longer files are no source that somebody wrote. */
const LONGEST_BYTES = 1024 ** 2

const GIT_TIMEOUT_MS = 30_000

/** Folders whose files are nobody's own: fetched, built, or made to be wrong. */
const FOREIGN =
  /(^|\/)(node_modules|vendor|third_party|testdata|site-packages|__pycache__|\.mesh|venv|\.venv)\//

/** The files of a project's folder. */
export interface Listing {
  /** Absolute. */
  readonly directory: string
  /** Relative to the folder, with forward slashes, sorted; without what git ignores, what others wrote and what is very long. */
  readonly files: readonly string[]
  /** Those of them that git tracks; none outside of a repository. */
  readonly tracked: ReadonlySet<string>
  /** The folder's path from the top of its repository, empty at the top itself and outside of a repository. */
  readonly prefix: string
  /** The branch that the others are merged into; undefined where git does not tell. */
  readonly defaultBranch: string | undefined
  /** The text of one of them. */
  read(file: string): Promise<string>
  /** Whether git ignores a path, whether or not it is there; a folder ends with a slash. True outside of a repository. */
  ignores(path: string): Promise<boolean>
}

/** Lists a folder: what git has of it, or where it has nothing, what lies there. */
export async function listFolder(directory: string, signal: AbortSignal): Promise<Listing> {
  const git = (...args: readonly string[]) => askGit(directory, args, signal)
  const tracked = await git('ls-files', '-z', '--cached')
  const others = await git('ls-files', '-z', '--others', '--exclude-standard')
  // A folder of which a repository above it knows nothing is none of that repository's.
  const inRepository = tracked !== undefined && tracked !== ''
  const prefix = inRepository ? ((await git('rev-parse', '--show-prefix')) ?? '').trim() : ''
  const listed =
    tracked !== undefined && others !== undefined && tracked + others !== ''
      ? `${tracked}${others}`.split('\0').filter((file) => file !== '')
      : await walk(directory, '')
  const files = [...new Set(listed)].filter((file) => !FOREIGN.test(file)).sort()
  return {
    directory,
    files: await existing(directory, files),
    tracked: new Set((tracked ?? '').split('\0')),
    prefix: posix.normalize(prefix === '' ? '.' : prefix).replace(/^\.$|\/$/g, ''),
    defaultBranch: inRepository ? await defaultBranch(git) : undefined,
    read: (file) => readFile(join(directory, file), 'utf8'),
    ignores: async (path) => tracked === undefined || (await git('check-ignore', path)) !== undefined,
  }
}

/** Those that are files and not too long; git also lists what was deleted, and links. */
async function existing(directory: string, files: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const status = await stat(join(directory, file)).catch(() => undefined)
      return status?.isFile() === true && status.size <= LONGEST_BYTES
    }),
  )
  return files.filter((_, index) => found[index])
}

/** That of origin, as it was cloned; else main where there is one, else the branch that is checked out. */
async function defaultBranch(
  git: (...args: readonly string[]) => Promise<string | undefined>,
): Promise<string | undefined> {
  const ofOrigin = await git('symbolic-ref', '--short', 'refs/remotes/origin/HEAD')
  if (ofOrigin) return ofOrigin.trim().replace(/^origin\//, '')
  if (await git('rev-parse', '--verify', '--quiet', 'refs/heads/main')) return 'main'
  return (await git('branch', '--show-current'))?.trim() || undefined
}

/** What git prints; undefined where there is no git or it refuses. */
async function askGit(
  directory: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const outcome = await run(['git', ...args], {
      cwd: directory,
      timeoutMs: GIT_TIMEOUT_MS,
      signal,
      stdout: 'capture',
    })
    return succeeded(outcome) ? outcome.stdout : undefined
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined
    throw error
  }
}

async function walk(directory: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const path = posix.join(folder, entry.name)
      if (entry.isFile()) return [path]
      const isOwn = entry.isDirectory() && entry.name !== '.git' && !FOREIGN.test(`${path}/`)
      return isOwn ? walk(directory, path) : []
    }),
  )
  return found.flat()
}

/** Whether a path lies in a folder, both relative to the project. */
export function isUnder(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`)
}
