import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { run, succeeded } from '../../process/run.ts'
import { embeddedBy } from './embedded.ts'
import { sha256 } from './hash.ts'
import { localModules } from './local-modules.ts'

const LIST_TIMEOUT_MS = 60_000

/** What Go compiles, by its name; go.sum changes no program. */
const SOURCE =
  /(?<!_test)\.go$|\.(c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|s|S|sx|swig|swigcxx|syso)$|(^|\/)go\.(mod|work)$/
/** Folders and files that Go passes over. */
const PASSED_OVER = /(^|\/)([._]|testdata\/)/

/** What is needed to ask git. */
interface Asking {
  readonly temporary: string
  readonly signal: AbortSignal
}

/**
 * A hash over what the binaries of a module are made of, as it stands in the working tree, committed or not: the Go
 * sources in its folder and what they embed, and the same of the modules that go.work or `replace` take from other
 * folders. What git ignores is none of it, nor what lies where git knows nothing. A clean tree of one commit has the
 * same hash everywhere. Undefined where git knows nothing of the module itself.
 * Nothing is written, and only what differs from git's index is read, save for the lines that embed files.
 */
export async function sourcesHash(folder: string, asking: Asking): Promise<string | undefined> {
  const { folders, workspace } = await localModules(folder, process.env.GOWORK)
  const blobs = new Map<string, string>()
  for (const module of folders) {
    const found = await blobsIn(module, asking)
    if (module === folder && (!found || found.size === 0)) return undefined
    for (const [path, blob] of found ?? []) blobs.set(relative(folder, join(module, path)), blob)
  }
  if (workspace !== undefined) blobs.set(relative(folder, workspace), blobOf(await readFile(workspace)))
  const lines = [...blobs].map(([path, blob]) => `${path}\0${blob}\n`).sort()
  return sha256(Buffer.from(lines.join('')))
}

/** What the sources in a folder are by their paths from there; undefined where git knows nothing of it. */
async function blobsIn(folder: string, asking: Asking): Promise<ReadonlyMap<string, string> | undefined> {
  const staged = await git(folder, ['ls-files', '-z', '--stage'], asking)
  const different = await git(
    folder,
    ['ls-files', '-z', '--modified', '--deleted', '--others', '--exclude-standard'],
    asking,
  )
  if (!staged || !different) return undefined
  const isEmbedded = embeddedBy(await directivesIn(folder, asking))
  const counts = (path: string) => isSource(path) || isEmbedded(path)
  const blobs = new Map<string, string>()
  for (const line of staged) {
    const [, blob = '', path = ''] = /^\d+ ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? []
    if (counts(path)) blobs.set(path, blob)
  }
  for (const path of new Set(different.filter(counts))) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined)
    if (bytes) blobs.set(path, blobOf(bytes))
    else blobs.delete(path)
  }
  return blobs
}

/** The lines of sources that embed files, each with the path of its file. */
async function directivesIn(folder: string, asking: Asking): Promise<readonly (readonly [string, string])[]> {
  const shown = [
    '-z',
    '--no-line-number',
    '--no-column',
    '--no-full-name',
    '--no-color',
    '--no-heading',
    '--no-break',
    // With which git refuses to look at untracked files; submodule.recurse of a user asks for it.
    '--no-recurse-submodules',
  ]
  const pattern = '^[[:space:]]*//go:embed[[:space:]]'
  // Each is the path, a zero, and the line.
  const found = await ask(
    folder,
    ['grep', ...shown, '--untracked', '-I', '-E', '-e', pattern, '--', '*.go'],
    asking,
  )
  return [...(found ?? '').matchAll(/^([^\0]+)\0(.*)$/gm)]
    .map(([, path = '', line = '']) => [path, line] as const)
    .filter(([path]) => isSource(path))
}

/** The entries of what git lists with -z. */
async function git(
  folder: string,
  args: readonly string[],
  asking: Asking,
): Promise<readonly string[] | undefined> {
  return (await ask(folder, args, asking))?.split('\0').filter((line) => line !== '')
}

/** What git says; undefined without git, outside of a repository, or where it found nothing. */
async function ask(
  folder: string,
  args: readonly string[],
  { temporary, signal }: Asking,
): Promise<string | undefined> {
  const outcome = await run(['git', ...args], {
    ...{ cwd: folder, timeoutMs: LIST_TIMEOUT_MS, stdout: 'capture', temporary, signal },
  }).catch(() => undefined)
  signal.throwIfAborted()
  return outcome && succeeded(outcome) ? outcome.stdout : undefined
}

function isSource(path: string): boolean {
  return SOURCE.test(path) && !PASSED_OVER.test(path)
}

/** The name that git gives the content: a change that is staged or committed as it stands is none. */
function blobOf(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
