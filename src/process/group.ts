import { type ChildProcess, spawn } from 'node:child_process'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { ConfigurationError } from '../result/configuration-error.ts'
import { childEnvironment, type Environment } from './environment.ts'
import { mark } from './mark.ts'
import { forgetGroup, wake, watchGroup } from './watchdog.ts'

/** How a process ended: by an exit code or by a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * Starts a program in a process group of its own, with a child's environment, the mark, and nothing to read from. The
 * watchdog knows of the group until `groupEnded`.
 * Throws a ConfigurationError when Node sees at once that it cannot run; `exitOf` rejects with one when it sees later.
 */
export function startInGroup(
  file: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: Environment | undefined },
): ChildProcess {
  wake()
  try {
    const child = spawn(file, args, {
      cwd,
      env: childEnvironment(process.env, { ...env, ...mark() }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    if (child.pid !== undefined) watchGroup(child.pid)
    return child
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, file, cwd)
  }
}

/** The end of a process that `startInGroup` started. */
export function exitOf(child: ChildProcess, file: string, cwd: string): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => reject(explained(error, file, cwd)))
  })
}

/** To be called when nothing is left of a group, or nothing more is done about it. */
export function groupEnded({ pid }: Pick<ChildProcess, 'pid'>): void {
  if (pid !== undefined) forgetGroup(pid)
}

/** Sends a signal to all of a process's group; that nobody is left is no error. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch (error) {
    // ESRCH: nobody is left. EPERM: macOS answers so for a group of which only zombies are left.
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** However much a process prints that left the group and holds a pipe, it is not listened to for longer. */
const MOST_ROUNDS = 20

/**
 * Waits until both pipes are read to their end, but not for long when nothing comes any more: a process that left the
 * group may hold them. What has been printed is never lost to a busy machine: as long as something comes it is awaited.
 */
export async function drained(child: ChildProcess, withinMs: number): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
  const closed = Promise.all(
    streams.map((stream) =>
      stream.closed ? undefined : new Promise((resolve) => stream.once('close', resolve)),
    ),
  ).then(() => true)
  let read = 0
  const count = (chunk: Buffer) => {
    read += chunk.length
  }
  for (const stream of streams) stream.on('data', count)
  for (let round = 0, before = -1; round < MOST_ROUNDS && before !== read; round++) {
    before = read
    const over = new AbortController()
    const silent = setTimeout(withinMs, false, { signal: over.signal })
      // Timers come before pipes in a turn of the event loop: what lies there already is read first.
      .then(() => setImmediate(false))
      .catch(() => false)
    const isClosed = await Promise.race([closed, silent])
    over.abort()
    if (isClosed) break
  }
  for (const stream of streams) stream.off('data', count)
}

/** What kept a command from starting, where that is the user's to mend. Node throws some of these and emits others. */
function explained(error: NodeJS.ErrnoException, file: string, cwd: string): Error {
  switch (error.code) {
    // Also what a missing working directory gives, and one that is a file.
    case 'ENOENT':
    case 'ENOTDIR':
      return new ConfigurationError(`cannot run ${file} in ${cwd}: no such program or folder`)
    case 'EACCES':
      return new ConfigurationError(`cannot run ${file}: it is not executable`)
    default:
      return error
  }
}
