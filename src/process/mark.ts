import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { nameAndPid, type ProcessEntry, processTable } from './process-table.ts'

/** The variable by which every process that this one starts can be told, however far it has gone from its group. */
const VARIABLE = 'MESH_ACTIONS_MARK'

const value = randomUUID()

/** The same for what is started within one `marked`. */
const SCOPE_VARIABLE = 'MESH_ACTIONS_SCOPE'

const scopes = new AsyncLocalStorage<string>()

/** What goes into the environment of a child that is started here. */
export function mark(): Readonly<Record<string, string>> {
  const scope = scopes.getStore()
  return { [VARIABLE]: value, ...(scope === undefined ? {} : { [SCOPE_VARIABLE]: scope }) }
}

/**
 * Does work whose children have a mark of their own beside the process's, so that `endMarked` within it ends them and
 * nobody else's: stages run side by side in one process.
 */
export function marked<T>(work: () => Promise<T>): Promise<T> {
  return scopes.run(randomUUID(), work)
}

/** The mark as it stands in an environment: `NAME=value`. */
export const MARK_ASSIGNMENT = `${VARIABLE}=${value}`

/** What an action leaves in its state as soon as it begins, for a post step after it was killed. */
export const MARK_STATE = value

/** How often what is left is looked for again: a process may fork while it is being looked for. */
const ROUNDS = 20

/**
 * Kills every process that was started here, by the mark that it carries: those that changed session or forked twice
 * included. Their names with their ids. A process that threw away its environment is not found.
 */
export function endMarked(): readonly string[] {
  const scope = scopes.getStore()
  return endCarriers(scope === undefined ? MARK_ASSIGNMENT : `${SCOPE_VARIABLE}=${scope}`)
}

/**
 * Kills what an earlier process of this action started and left running, given the `MARK_STATE` that it saved; their
 * names with their ids. For a post step, after a cancel: the watchdog may have been killed as well.
 */
export function endEarlier(state: string): readonly string[] {
  // Anything but a mark would be looked for in every environment of the machine.
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(state)) return []
  return endCarriers(`${VARIABLE}=${state}`)
}

function endCarriers(assignment: string): readonly string[] {
  return endProcesses(() => processTable().filter((entry) => entry.carries(assignment))).map(nameAndPid)
}

/** Kills what `find` finds until it finds nothing, this process excepted; everything that was found. */
export function endProcesses(find: () => readonly ProcessEntry[]): readonly ProcessEntry[] {
  const ended = new Map<number, ProcessEntry>()
  for (let round = 0; round < ROUNDS; round++) {
    const left = find().filter((entry) => entry.pid !== process.pid)
    if (left.length === 0) break
    for (const entry of left) {
      ended.set(entry.pid, entry)
      try {
        process.kill(entry.pid, 'SIGKILL')
      } catch (error) {
        // ESRCH: it is gone. EPERM: it became another user's (sudo), and naming it is all that can be done.
        const { code } = error as NodeJS.ErrnoException
        if (code !== 'ESRCH' && code !== 'EPERM') throw error
      }
    }
  }
  return [...ended.values()]
}
