import type { ChildProcess } from 'node:child_process'
import { formatDuration } from '../result/units.ts'
import { type Environment, temporaryVariables } from './environment.ts'
import { drained, type Exit, exitOf, groupEnded, signalGroup, startInGroup } from './group.ts'
import { LineSplitter } from './lines.ts'
import type { OutputSink } from './log.ts'
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
  /** An existing folder for its temporary files, which a command that is ended in the middle leaves there. */
  readonly temporary?: string | undefined
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
  const child = startInGroup(file, args, {
    cwd: options.cwd,
    env: { ...options.env, ...temporaryVariables(options.temporary) },
  })
  const collected = collect(child, options)
  const ended = endOnTimeoutOrAbort(child, options)

  let exit: Exit
  try {
    exit = await exitOf(child, file, options.cwd)
  } finally {
    ended.release()
  }
  await drained(child, DRAIN_MS)
  for (const stream of [child.stdout, child.stderr]) stream?.destroy()
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
      groupEnded(child)
    },
  }
}
