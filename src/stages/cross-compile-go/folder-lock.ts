import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isAlive } from '../../process/alive.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { writing } from './writing.ts'

const LOCK = '.cross-compile-go.lock'
const POLL_MS = 20
/** What is done under the lock takes a second, of hundreds of binaries on a slow disk some more. */
const WAIT_MS = 2 * 60_000

/**
 * Makes a folder this run's alone until it is released, waiting for the run that has it. A lock whose process is
 * gone is taken over: it was killed, and what it wrote is about to be written anew.
 * The process is looked for on this machine; runs in containers that share a folder but no processes are not held
 * apart for certain.
 * Throws a ConfigurationError when the folder cannot be written to or another run keeps it.
 */
export async function lockFolder(
  folder: string,
  signal: AbortSignal,
  waitMs: number = WAIT_MS,
): Promise<AsyncDisposable> {
  const file = join(folder, LOCK)
  const own = `${process.pid} ${randomUUID()}\n`
  await writing(folder, () => mkdir(folder, { recursive: true }))
  const until = performance.now() + waitMs
  while (!(await writing(file, () => create(file, own)))) {
    signal.throwIfAborted()
    const found = await readFile(file, 'utf8').catch(() => '')
    const owner = Number.parseInt(found, 10)
    // Empty: made in this moment, its owner not yet written, or gone already.
    if (found !== '' && !isAlive(owner)) await removeStale(file, found)
    else if (performance.now() < until) await setTimeout(POLL_MS)
    else throw kept(file, found)
  }
  return {
    async [Symbol.asyncDispose]() {
      if ((await readFile(file, 'utf8').catch(() => '')) === own) await rm(file, { force: true })
    },
  }
}

function kept(file: string, found: string): ConfigurationError {
  return new ConfigurationError(
    `${file} is kept by ${found === '' ? 'a run that did not say which' : `process ${found.split(' ')[0]}`}`,
    { fix: 'let it end; remove the file when it is none of mesh-actions' },
  )
}

/** Writes a file that nobody else has yet; whether it is ours. */
async function create(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes a lock of a process that is gone, unless another run did so before and has its own there by now. */
async function removeStale(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  // A living one is put back, unless a third run has the name by now: link replaces nothing.
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, file).catch(() => undefined)
  await rm(aside)
}
