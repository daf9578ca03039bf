import type { Exit } from '../group.ts'
import { endProcesses } from '../mark.ts'
import { type ProcessEntry, processTable } from '../process-table.ts'
import type { Launched } from './launch.ts'
import { listeners, whoAnswers } from './listeners.ts'
import { isDoneWithin, pause } from './pause.ts'
import { isFree } from './ports.ts'

/** When a run is cancelled there are about seven seconds for everything. */
const ABORTED_GRACE_MS = 2_000
/** How long the rest of a group may take to follow its leader. */
const SETTLE_MS = 1_000
/** How long a process may take to be gone after SIGKILL; one that waits for a device does not go. */
const KILLED_MS = 5_000
const POLL_MS = 15

/** How a service ended, and what it left. */
export interface Stopped {
  /** Of its own process; undefined when even SIGKILL did not end it. */
  readonly exit: Exit | undefined
  /** Whether its process had ended before it was asked to. */
  readonly alreadyEnded: boolean
  /** From SIGTERM to the end of its own process. */
  readonly durationMs: number
  /** Whether the grace period was not enough. */
  readonly killed: boolean
  /** Processes of its that were still alive after its end, those of other groups included. They have been ended. */
  readonly leftovers: readonly Pick<ProcessEntry, 'name' | 'pid'>[]
  /** Who listens at its port after all that; undefined when it is free, as it should be, or never was the service's. */
  readonly portHeldBy: string | undefined
}

/**
 * Ends a service: SIGTERM to its group, SIGKILL after the grace period (at once when that is 0), then a look at what
 * is still alive of it, wherever it went, and at its port. An abort, before or meanwhile, shortens the grace period.
 */
export async function stop(
  launched: Launched,
  options: {
    /** Undefined when it is known to be somebody else's. */
    readonly port: number | undefined
    readonly graceMs: number
    readonly signal: AbortSignal
  },
): Promise<Stopped> {
  // Who throws its environment away and leaves the group is still known by its parent now, and not later.
  const before = new Map(launched.members().map(({ pid, started }) => [pid, started]))
  // Its end may be known to the system already and to Node not yet.
  const alreadyEnded = launched.exit() !== undefined || !before.has(launched.pid)
  const left = () => {
    const table = processTable()
    const members = new Set(launched.members(table).map(({ pid }) => pid))
    return table.filter(({ pid, started }) => members.has(pid) || before.get(pid) === started)
  }
  const startedAt = performance.now()
  if (options.graceMs > 0) launched.signal('SIGTERM')
  const killed = !(await endsWithin(launched, options.graceMs, options.signal))
  if (killed) {
    launched.signal('SIGKILL')
    await isDoneWithin(launched.exited, KILLED_MS)
  }
  const durationMs = performance.now() - startedAt

  const settled = performance.now() + SETTLE_MS
  while (left().length > 0 && performance.now() < settled) await pause(POLL_MS)
  const leftovers = endProcesses(left)
  await isDoneWithin(launched.printedAll, KILLED_MS)
  launched.release()
  return {
    exit: launched.exit(),
    alreadyEnded,
    durationMs,
    killed,
    leftovers,
    portHeldBy: options.port === undefined ? undefined : await holderOf(options.port),
  }
}

async function endsWithin(launched: Launched, graceMs: number, signal: AbortSignal): Promise<boolean> {
  if (launched.exit()) return true
  const over = new AbortController()
  const shortened = pause(graceMs, AbortSignal.any([signal, over.signal])).then(() =>
    pause(Math.min(graceMs, ABORTED_GRACE_MS), over.signal),
  )
  try {
    await isDoneWithin(Promise.race([launched.exited, shortened]), graceMs)
    return launched.exit() !== undefined
  } finally {
    over.abort()
  }
}

async function holderOf(port: number): Promise<string | undefined> {
  const until = performance.now() + SETTLE_MS
  while (!(await isFree(port))) {
    if (performance.now() > until) {
      const answering = whoAnswers(port, listeners([]))
      return typeof answering === 'object' ? answering.holder : 'another process'
    }
    await pause(POLL_MS)
  }
  return undefined
}
