import { type ChildProcess, spawn } from 'node:child_process'
import { ConfigurationError } from '../result/configuration-error.ts'
import { formatDuration } from '../result/units.ts'
import { childEnvironment, type Environment } from './environment.ts'
import { LineSplitter } from './lines.ts'
import type { OutputSink } from './log.ts'
import { MARK } from './mark.ts'
import { neutralise } from './neutralise.ts'
import { pasteable } from './paste.ts'

/** How many of a command's last lines are kept to explain a failure. */
const TAIL_LINES = 40
/** Between SIGTERM and SIGKILL for a group that is ended. */
const GRACE_MS = 2_000
/** How long output is awaited after the command itself ended, when a child of its still holds the pipe. */
const DRAIN_MS = 500

/** The longest that a timer of Node counts; anything above it would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

export interface CommandOptions {
  readonly cwd: string
  /** Changes against this process's environment (without what belongs to the action); undefined unsets. */
  readonly env?: Environment | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Takes each line of stdout (unless captured) and stderr, neutralised, as it comes. */
  readonly output?: OutputSink | undefined
  /** `capture`: stdout is not shown but returned whole, as of a command that prints JSON. */
  readonly stdout?: 'show' | 'capture'
}

/** How a command ended. A non-zero exit is a value, not an exception: the caller knows what it means. */
export interface Outcome {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined
  readonly ended: 'exited' | 'killed' | 'timed-out'
  /** The signal that ended it, where one did. */
  readonly signal: NodeJS.Signals | undefined
  readonly durationMs: number
  /** With `stdout: 'capture'`: all of it; else empty. */
  readonly stdout: string
  /** The last lines of its output as they were printed, without the neutral prefix; not safe to print as they are. */
  readonly tail: readonly string[]
  /** The command for a user's shell. */
  readonly pasteable: string
}

/** Whether the command did what it was asked to. */
export function succeeded(outcome: Outcome): boolean {
  return outcome.ended === 'exited' && outcome.code === 0
}

/** How a command ended, in words: `exit code 1`, `ended by SIGSEGV`, `no end after 10.0 s`. */
export function ending(outcome: Outcome): string {
  switch (outcome.ended) {
    case 'exited':
      return `exit code ${outcome.code}`
    case 'killed':
      return `ended by ${outcome.signal}`
    case 'timed-out':
      return `no end after ${formatDuration(outcome.durationMs)}`
    default:
      return outcome.ended satisfies never
  }
}

/**
 * Runs a command to its end, in a process group of its own that is gone afterwards: on a timeout or an abort the
 * group gets SIGTERM and then SIGKILL, and what a command that ended by itself left in it is killed too.
 * Throws a ConfigurationError when the program is not there or may not be executed, and the signal's reason when it
 * was aborted.
 */
export async function run(argv: readonly string[], options: CommandOptions): Promise<Outcome> {
  const [file, ...args] = argv
  if (file === undefined) throw new TypeError('a command needs at least its program')
  const startedAt = performance.now()
  const child = start(file, args, options)
  const collected = collect(child, options)
  const ended = endOnTimeoutOrAbort(child, options)

  let exit: { code: number | null; signal: NodeJS.Signals | null }
  try {
    exit = await exitOf(child, file, options.cwd)
  } finally {
    ended.release()
  }
  await drained(child)
  collected.finish()
  const reason = ended.reason()
  if (reason === 'aborted') options.signal?.throwIfAborted()

  return {
    code: exit.code ?? undefined,
    ended: reason === 'timed-out' ? reason : exit.signal ? 'killed' : 'exited',
    signal: exit.signal ?? undefined,
    durationMs: performance.now() - startedAt,
    stdout: collected.stdout(),
    tail: collected.tail,
    pasteable: pasteable(argv, { cwd: options.cwd, ...(options.env ? { env: options.env } : {}) }),
  }
}

function start(file: string, args: readonly string[], { cwd, env }: CommandOptions): ChildProcess {
  try {
    return spawn(file, args, {
      cwd,
      env: childEnvironment(process.env, { ...env, ...MARK }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, file, cwd)
  }
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

function collect(child: ChildProcess, options: CommandOptions) {
  const tail: string[] = []
  const captured: Buffer[] = []
  const keep = (line: string) => {
    tail.push(line)
    if (tail.length > TAIL_LINES) tail.shift()
    options.output?.(neutralise(line))
  }
  const splitters = [new LineSplitter(keep), new LineSplitter(keep)] as const
  if (options.stdout === 'capture') child.stdout?.on('data', (chunk: Buffer) => captured.push(chunk))
  else child.stdout?.on('data', (chunk: Buffer) => splitters[0].write(chunk))
  child.stderr?.on('data', (chunk: Buffer) => splitters[1].write(chunk))
  return {
    tail,
    stdout: () => Buffer.concat(captured).toString('utf8'),
    finish: () => {
      for (const splitter of splitters) splitter.end()
    },
  }
}

function endOnTimeoutOrAbort(child: ChildProcess, options: CommandOptions) {
  let reason: 'timed-out' | 'aborted' | undefined
  let kill: NodeJS.Timeout | undefined
  const end = (why: 'timed-out' | 'aborted') => {
    if (reason) return
    reason = why
    signalGroup(child, 'SIGTERM')
    kill = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
  }
  const timeout = setTimeout(() => end('timed-out'), Math.min(options.timeoutMs, LONGEST_TIMEOUT_MS))
  const abort = () => end('aborted')
  if (options.signal?.aborted) abort()
  options.signal?.addEventListener('abort', abort, { once: true })
  return {
    reason: () => reason,
    release: () => {
      clearTimeout(timeout)
      clearTimeout(kill)
      options.signal?.removeEventListener('abort', abort)
      // The leader is gone: whatever it left in its group goes now.
      signalGroup(child, 'SIGKILL')
    },
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
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

function exitOf(child: ChildProcess, file: string, cwd: string) {
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => reject(explained(error, file, cwd)))
  })
}

/** Waits until both pipes are read to their end, but not for long: a process that left the group may hold them. */
async function drained(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
  const closed = Promise.all(
    streams.map((stream) =>
      stream.closed ? undefined : new Promise((resolve) => stream.once('close', resolve)),
    ),
  )
  let timer: NodeJS.Timeout | undefined
  await Promise.race([
    closed,
    new Promise((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS)
    }),
  ])
  clearTimeout(timer)
  for (const stream of streams) stream.destroy()
}
