import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** The variable by which every process that this one starts can be told, however far it has gone from its group. */
const VARIABLE = 'MESH_ACTIONS_MARK'

const value = randomUUID()

/** What goes into the environment of every child. */
export const MARK: Readonly<Record<string, string>> = { [VARIABLE]: value }

/** How often what is left is looked for again: a process may fork while it is being looked for. */
const ROUNDS = 20

/**
 * Kills every process that carries this one's mark: those that changed session or forked twice included. Their names
 * with their ids. Only where there is /proc; a process that threw away its environment is not found.
 */
export function endMarked(): readonly string[] {
  const ended: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const left = marked()
    if (left.length === 0) break
    for (const pid of left) {
      const name = `${nameOf(pid)} (${pid})`
      if (!ended.includes(name)) ended.push(name)
      try {
        process.kill(pid, 'SIGKILL')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
  }
  return ended
}

function marked(): readonly number[] {
  const needle = `${VARIABLE}=${value}`
  return pids().filter((pid) => {
    if (pid === process.pid) return false
    // A process that is gone but not yet waited for has an empty environment.
    return readOr(`/proc/${pid}/environ`).split('\0').includes(needle)
  })
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

function nameOf(pid: number): string {
  return readOr(`/proc/${pid}/comm`).trim() || 'process'
}

/** Processes come and go, and those of other users cannot be read. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
