import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, as far as this user can see it. One that ended and was not collected is not there. */
export interface ProcessEntry {
  readonly pid: number
  /** Its parent and its process group. */
  readonly ppid: number
  readonly pgid: number
  readonly name: string
  /** When it started, in the words of the platform: tells it from a later process of the same id. */
  readonly started: string
  /** Whether its environment at its start had this `NAME=value`; to be asked while it lives. */
  readonly carries: (assignment: string) => boolean
}

/** All processes that can be seen: from /proc, and where there is none, from ps. None on Windows. */
export function processTable(): readonly ProcessEntry[] {
  if (process.platform === 'win32') return []
  if (process.platform === 'linux') return procPids().flatMap((pid) => procEntry(pid) ?? [])
  // -E: with the environment behind the command. macOS leaves it out for programs of the system itself.
  return psTable(['-axwwE'])
}

/** `name (pid)`, as messages name a process. */
export function nameAndPid({ name, pid }: Pick<ProcessEntry, 'name' | 'pid'>): string {
  return `${name} (${pid})`
}

/** The entries themselves and everything that descends from them. */
export function withDescendants(
  roots: readonly ProcessEntry[],
  table: readonly ProcessEntry[],
): readonly ProcessEntry[] {
  const found = new Map(roots.map((entry) => [entry.pid, entry]))
  // A parent may stand after its child in the table, so it is gone through until nothing is added.
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const entry of table) if (found.has(entry.ppid)) found.set(entry.pid, entry)
  }
  return [...found.values()]
}

/** What ps tells, asked in a way that shows environments. */
export function psTable(flags: readonly string[]): readonly ProcessEntry[] {
  const text = execFileSync('ps', [...flags, '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return text.split('\n').flatMap((line) => psEntry(line) ?? [])
}

function psEntry(line: string): ProcessEntry | undefined {
  const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line)
  if (!found) return undefined
  const [, pid, ppid, pgid, state = '', started = '', command = ''] = found
  if (state.startsWith('Z')) return undefined
  const words = command.split(' ')
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pgid: Number(pgid),
    name: words[0]?.split('/').at(-1) || 'process',
    started,
    carries: (assignment) => words.includes(assignment),
  }
}

function procPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function procEntry(pid: number): ProcessEntry | undefined {
  // `pid (name) state ppid pgid …`, of which the name may hold anything; the 22nd field is the time of the start.
  const found = /^\d+ \((.*)\) (\S) (\d+) (\d+)((?: -?\d+){16}) (\d+)/s.exec(readOr(`/proc/${pid}/stat`))
  if (!found || found[2] === 'Z') return undefined
  return {
    pid,
    ppid: Number(found[3]),
    pgid: Number(found[4]),
    name: found[1] || 'process',
    started: found[6] ?? '',
    carries: (assignment) => readOr(`/proc/${pid}/environ`).split('\0').includes(assignment),
  }
}

/** Processes come and go, and those of other users cannot be read. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
