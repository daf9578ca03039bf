import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, succeeded } from '../../process/run.ts'
import { sha256 } from './hash.ts'

const LIST_TIMEOUT_MS = 60_000

/** What Go compiles, by its name; go.sum changes no program. */
const SOURCE =
  /(?<!_test)\.go$|\.(c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|s|S|sx|swig|swigcxx|syso)$|(^|\/)go\.(mod|work)$/
/** Folders and files that Go passes over. */
const PASSED_OVER = /(^|\/)([._]|testdata\/)/

/**
 * A hash over the Go sources in a folder as they stand in the working tree, committed or not; what git ignores is none
 * of them. A clean tree of one commit has the same hash everywhere. Undefined where git knows nothing of the folder.
 * Nothing is written, and only what differs from git's index is read. Files that are embedded, submodules and modules
 * elsewhere do not count.
 */
export async function sourcesHash(
  folder: string,
  context: { readonly temporary: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const ask = async (...args: string[]) => {
    const outcome = await run(['git', 'ls-files', '-z', ...args], {
      ...{ cwd: folder, timeoutMs: LIST_TIMEOUT_MS, stdout: 'capture' },
      ...{ temporary: context.temporary, signal: context.signal },
    }).catch(() => undefined)
    context.signal.throwIfAborted()
    // No git, or no repository.
    return outcome && succeeded(outcome)
      ? outcome.stdout.split('\0').filter((line) => line !== '')
      : undefined
  }
  const staged = await ask('--stage')
  const different = await ask('--modified', '--deleted', '--others', '--exclude-standard')
  if (!staged || !different) return undefined
  const blobs = new Map<string, string>()
  for (const line of staged) {
    const [, blob = '', path = ''] = /^\d+ ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? []
    if (isSource(path)) blobs.set(path, blob)
  }
  for (const path of new Set(different.filter(isSource))) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined)
    if (bytes) blobs.set(path, blobOf(bytes))
    else blobs.delete(path)
  }
  if (blobs.size === 0) return undefined
  const lines = [...blobs].map(([path, blob]) => `${path}\0${blob}\n`).sort()
  return sha256(Buffer.from(lines.join('')))
}

function isSource(path: string): boolean {
  return SOURCE.test(path) && !PASSED_OVER.test(path)
}

/** The name that git gives the content: a change that is staged or committed as it stands is none. */
function blobOf(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
