import { temporaryVariables } from '../process/environment.ts'
import { type Exit, groupEnded } from '../process/group.ts'
import type { OutputSink } from '../process/log.ts'
import { neutralise } from '../process/neutralise.ts'
import { exitInWords } from '../process/services/failure.ts'
import { type Command, launch } from '../process/services/launch.ts'
import { pause } from '../process/services/pause.ts'
import { stop } from '../process/services/stop.ts'
import { formatDuration } from '../result/units.ts'
import { type Mesh, noteLeftovers } from './mesh.ts'

/** Between SIGTERM and SIGKILL for a command that takes too long. */
const GRACE_MS = 2_000

export interface EndedCommand {
  /** How it ended by itself; undefined where its time was over. */
  readonly exit: Exit | undefined
  /** The same in words: `exit code 1`, `no end after 10.0 s`. */
  readonly words: string
  /** Its last lines as they were printed; not safe to print as they are. */
  readonly tail: readonly string[]
}

/**
 * Runs a command among a stage's services: its output goes to their log, and what it leaves running is found as theirs
 * is, wherever it went. Rejects with the signal's reason on an abort.
 */
export async function runAmongServices(
  name: string,
  command: Command,
  mesh: Mesh,
  {
    timeoutMs,
    signal,
    output,
  }: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly output?: OutputSink },
): Promise<EndedCommand> {
  const log = mesh.surroundings.log.source(name)
  const env = { ...command.env, ...temporaryVariables(mesh.temporary) }
  const launched = await launch({ ...command, env }, log)
  try {
    if (output) launched.onLine((line) => output(neutralise(line)))
    const over = new AbortController()
    await Promise.race([launched.exited, pause(timeoutMs, AbortSignal.any([signal, over.signal]))])
    over.abort()
    const exit = launched.exit()
    const stopped = await stop(launched, { port: undefined, graceMs: GRACE_MS, signal })
    signal.throwIfAborted()
    noteLeftovers(name, stopped, mesh)
    const words = exit ? exitInWords(exit) : `no end after ${formatDuration(timeoutMs)}`
    log.said(words)
    return { exit, words, tail: log.tail() }
  } finally {
    groupEnded(launched)
  }
}
