import { randomUUID } from 'node:crypto'
import { nameAndPid, type ProcessEntry, processTable } from './process-table.ts'

/** The variable by which every process that this one starts can be told, however far it has gone from its group. */
const VARIABLE = 'MESH_ACTIONS_MARK'

const value = randomUUID()

/** What goes into the environment of every child. */
export const MARK: Readonly<Record<string, string>> = { [VARIABLE]: value }

/** The mark as it stands in an environment: `NAME=value`. */
export const MARK_ASSIGNMENT = `${VARIABLE}=${value}`

/** What an action leaves in its state as soon as it begins, for a post step after it was killed. */
export const MARK_STATE = value

/** How often what is left is looked for again: a process may fork while it is being looked for. */
const ROUNDS = 20

/**
 * Kills every process that carries this one's mark: those that changed session or forked twice included. Their names
 * with their ids. A process that threw away its environment is not found.
 */
export function endMarked(): readonly string[] {
  return endCarriers(MARK_ASSIGNMENT)
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
