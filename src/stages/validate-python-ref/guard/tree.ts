import { createHash } from 'node:crypto'
import { lstat, readFile, readlink } from 'node:fs/promises'
import pLimit from 'p-limit'
import { allEnded } from '../../../process/all-ended.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import { git, linesOf, type Repository } from './git.ts'
import { bytesOfPath, unquotedPath } from './quoted-path.ts'

/** A file that git tracks. */
export interface TrackedFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string
  /** As git writes it: the path, or a quoted form of it. */
  readonly written: string
  /** 100644, 100755; 120000 a symbolic link; 160000 a submodule. */
  readonly mode: string
  /** What git calls the content: the same for the same bytes, whatever the line ends in the working tree. */
  readonly blob: string
}

/** What is in the project now. */
export interface Tree {
  /** What git tracks and is still there, by path. */
  readonly files: ReadonlyMap<string, TrackedFile>
  /** What is there and neither tracked nor ignored. */
  readonly untracked: readonly NamedFile[]
}

/** A file by its name, and by that as git writes it. */
export type NamedFile = Pick<TrackedFile, 'path' | 'written'>

/**
 * The project's files as git knows them, with what has changed in the working tree since: a deletion counts whether it
 * was committed or not. Throws a ConfigurationError outside of git and in the middle of a merge.
 */
export async function readTree(repository: Repository): Promise<Tree> {
  const [listed, status] = await allEnded([
    git(['ls-files', '--stage', '--', '.'], repository),
    git(['status', '--porcelain=v2', '--untracked-files=all', '--no-renames', '--', '.'], repository),
  ])
  const files = new Map(
    linesOf(listed)
      .map((line) => parseTracked(line))
      .map((file) => [file.path, file]),
  )
  const changed: Entry[] = []
  const untracked: NamedFile[] = []
  for (const line of linesOf(status)) {
    const entry = parseStatus(line)
    if (entry === undefined) continue
    if (entry.kind === 'untracked') untracked.push(entry)
    else if (entry.mode === '000000') files.delete(entry.path)
    else changed.push(entry)
  }
  const hashed = await blobsOf(changed.filter(isFile), repository)
  for (const entry of changed) {
    const { path, mode } = entry
    const file = files.get(path)
    const blob = mode === SYMLINK ? await linkBlob(entry, file?.blob ?? '', repository) : hashed.get(path)
    if (file) files.set(path, { ...file, mode, blob: blob ?? file.blob })
  }
  return { files, untracked }
}

export const SYMLINK = '120000'
export const SUBMODULE = '160000'

/** Reads a line of `git ls-files --stage`. Throws a ConfigurationError for a path that is in conflict. */
export function parseTracked(line: string): TrackedFile {
  const [, mode = '', blob = '', stage, written = ''] =
    /^(\d{6}) ([0-9a-f]{40,64}) (\d)\t(.+)$/.exec(line) ?? []
  if (written === '') throw new Error(`no line of git ls-files --stage: ${line}`)
  const path = unquotedPath(written)
  if (stage !== '0') {
    throw new ConfigurationError(`${path}: a merge is not finished here`, { fix: 'resolve the conflict' })
  }
  return { path, written, mode, blob }
}

/** The line of `git ls-files --stage` that was read. */
export function printTracked({ mode, blob, written }: TrackedFile): string {
  return `${mode} ${blob} 0\t${written}`
}

interface Entry extends NamedFile {
  readonly kind: 'changed' | 'untracked'
  /** In the working tree; 000000 where it is gone. */
  readonly mode: string
}

/** Reads a line of `git status --porcelain=v2`; undefined where the working tree is as the index. */
function parseStatus(line: string): Entry | undefined {
  if (line.startsWith('? ')) {
    return { kind: 'untracked', mode: '', path: unquotedPath(line.slice(2)), written: line.slice(2) }
  }
  const [, inTree, mode = '', written = ''] =
    /^1 .(.) \S+ \d{6} \d{6} (\d{6}) [0-9a-f]+ [0-9a-f]+ (.+)$/.exec(line) ?? []
  if (inTree === undefined || inTree === '.') return undefined
  return { kind: 'changed', mode, path: unquotedPath(written), written }
}

function isFile({ mode }: Entry): boolean {
  return mode !== SYMLINK && mode !== SUBMODULE
}

/** So many paths go into one command: a command line is limited. */
const AT_ONCE = 500

/** So many files are looked at side by side: a process may have only some hundred of them open. */
export const OPEN_FILES = 64

/** What git would call the content of these files, with its filters (line ends) applied; links and folders have none. */
export async function blobsOf(
  named: readonly NamedFile[],
  repository: Repository,
): Promise<ReadonlyMap<string, string>> {
  const blobs = new Map<string, string>()
  const limit = pLimit(OPEN_FILES)
  const kinds = await Promise.all(named.map((file) => limit(() => lstat(onDisk(file, repository)))))
  const files = named.filter((_, index) => kinds[index]?.isFile())
  // Arguments of a process are text: a name that is none cannot be given to git.
  for (const file of files.filter((one) => !isText(one))) {
    blobs.set(file.path, blobOf(await readFile(onDisk(file, repository)), 'sha1'))
  }
  const texts = files.filter(isText)
  for (let at = 0; at < texts.length; at += AT_ONCE) {
    const some = texts.slice(at, at + AT_ONCE)
    const hashed = linesOf(await git(['hash-object', '--', ...some.map(({ path }) => path)], repository))
    for (const [index, { path }] of some.entries()) blobs.set(path, hashed[index] ?? '')
  }
  return blobs
}

function isText({ path, written }: NamedFile): boolean {
  return Buffer.from(path).equals(bytesOfPath(written))
}

/** Where a file lies, in the bytes that the file system knows. */
export function onDisk({ written }: Pick<NamedFile, 'written'>, { directory }: Repository): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), bytesOfPath(written)])
}

/** git names content by the hash of its kind, its length and itself. */
function blobOf(content: Buffer, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** git hashes where a link points, as it is written. */
async function linkBlob(file: NamedFile, like: string, repository: Repository): Promise<string> {
  const target = await readlink(onDisk(file, repository), { encoding: 'buffer' })
  return blobOf(target, like.length === 64 ? 'sha256' : 'sha1')
}
