import { randomUUID } from 'node:crypto'
import type { Environment } from '../environment.ts'
import { drained, type Exit, exitOf, signalGroup, startInGroup } from '../group.ts'
import { LineSplitter } from '../lines.ts'
import { type ProcessEntry, processTable, withDescendants } from '../process-table.ts'
import type { LogSource } from './service-log.ts'

/** The variable by which the processes of one service are told from those of the others. */
const VARIABLE = 'MESH_ACTIONS_SERVICE'

/** How long output is awaited after the process ended, when a child of its still holds the pipe. */
const DRAIN_MS = 250

/** What to start, and where. */
export interface Command {
  readonly argv: readonly string[]
  readonly cwd: string
  /** Changes against this process's environment (without what belongs to the action); undefined unsets. */
  readonly env?: Environment
}

/** The process of a service and all that came of it. */
export interface Launched {
  readonly pid: number
  /** On the clock of `performance.now()`. */
  readonly startedAt: number
  /** Resolves as soon as the process itself has ended, whoever ended it. */
  readonly exited: Promise<Exit>
  /** How it ended; undefined while it runs. */
  exit(): Exit | undefined
  /** Resolves when all that it printed has been read, or a moment after its end. */
  readonly printedAll: Promise<void>
  /** Sends a signal to the group. */
  signal(signal: NodeJS.Signals): void
  /** Its processes that are alive: the group, whatever carries its mark, and their descendants. */
  members(table?: readonly ProcessEntry[]): readonly ProcessEntry[]
  /** Hears each line that it prints from now on; call the result to hear no more. */
  onLine(listener: (line: string) => void): () => void
  /** Reads no more of its output, which a process that left the group may hold open for ever. */
  release(): void
}

/**
 * Starts a service's process. Rejects with a ConfigurationError when the program is not there or may not be executed.
 * Its output is read at all times, so it never waits for a reader.
 */
export async function launch({ argv, cwd, env }: Command, log: LogSource): Promise<Launched> {
  const [file, ...args] = argv
  if (file === undefined) throw new TypeError('a service needs at least its program')
  const mark = randomUUID()
  const startedAt = performance.now()
  const child = startInGroup(file, args, { cwd, env: { ...env, [VARIABLE]: mark } })
  const exited = exitOf(child, file, cwd)
  // Without an id it never started, and the promise tells why.
  if (child.pid === undefined) throw await exited.then(() => new Error(`${file} did not start`))
  const { pid } = child

  let exit: Exit | undefined
  const listeners = new Set<(line: string) => void>()
  const take = (line: string) => {
    log.printed(line)
    for (const listener of listeners) listener(line)
  }
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = new LineSplitter(take)
    stream?.on('data', (chunk: Buffer) => splitter.write(chunk))
    stream?.once('end', () => splitter.end())
    return splitter
  })
  const noted = exited.then((how) => {
    exit = how
    return how
  })
  return {
    pid,
    startedAt,
    exited: noted,
    exit: () => exit,
    printedAll: noted.then(() => drained(child, DRAIN_MS)),
    signal: (signal) => signalGroup(child, signal),
    members: (table = processTable()) => {
      const roots = table.filter((entry) => entry.pgid === pid || entry.carries(`${VARIABLE}=${mark}`))
      return withDescendants(roots, table).filter((entry) => entry.pid !== process.pid)
    },
    onLine: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    release: () => {
      for (const stream of [child.stdout, child.stderr]) stream?.destroy()
      for (const splitter of splitters) splitter.end()
    },
  }
}
