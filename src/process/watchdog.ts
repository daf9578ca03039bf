import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { MARK_ASSIGNMENT } from './mark.ts'

/** What there is to end when this process is killed: its marked processes, these groups, these folders. */
interface Guarded {
  readonly mark: string
  readonly groups: readonly number[]
  readonly folders: readonly string[]
}

/**
 * The whole watchdog: it reads one state after another, each a line of JSON, until the pipe closes, and then ends what
 * the last one names. After a normal end it is gone before that. It stands here as text because the bundle has no file
 * beside it that a second process could run.
 */
const PROGRAM = `
const { execFileSync } = require('node:child_process')
const { readdirSync, readFileSync, rmSync } = require('node:fs')
let text = ''
const quietly = (work, otherwise) => { try { return work() } catch { return otherwise } }
const environments = () => process.platform === 'linux'
  ? readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) =>
      [Number(pid), quietly(() => readFileSync('/proc/' + pid + '/environ', 'utf8'), '').split('\\0')])
  : execFileSync('ps', ['-axwwE', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\\n').map((line) => [parseInt(line, 10), line.trim().split(' ')])
async function end() {
  const { mark, groups = [], folders = [] } = JSON.parse(text.slice(0, text.lastIndexOf('\\n')).split('\\n').at(-1) || '{}')
  if (mark === undefined) return
  // -1 would be everybody.
  for (const group of groups) if (group > 1) quietly(() => process.kill(-group, 'SIGKILL'))
  // A process may fork while it is looked for: only what stays gone is gone.
  for (let round = 0, quiet = 0; round < 200 && quiet < 3; round++) {
    const left = quietly(environments, []).filter(([, environment]) => environment.includes(mark))
    for (const [pid] of left) quietly(() => process.kill(pid, 'SIGKILL'))
    quiet = left.length === 0 ? quiet + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  for (const folder of folders) quietly(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
}
process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk) => { text = (text + chunk).slice(-(1 << 20)) }).on('end', end).on('error', end)
`

/**
 * A hold on the small process that outlives this one when it is killed (act does that on SIGINT, a runner ten seconds
 * after a cancel) and then ends, within a second, every process that carries the mark, removes the folders it was told
 * of, and goes. It has a session of its own, so that Ctrl-C does not reach it. It is there from the first folder that
 * it is told of or the first child that is started while anybody holds it, until the last hold is given up, and goes
 * then without ending anything.
 */
export interface Watchdog extends AsyncDisposable {
  /** Undefined while there is none. */
  readonly pid: number | undefined
}

/** The mark is the whole process's, so one watchdog does for all: whoever wants one holds it. */
const holds = new Set<{ readonly folders: readonly string[] }>()
const groups = new Set<number>()
let watching: { readonly child: ChildProcess; readonly pipe: Writable } | undefined

/**
 * Holds the watchdog; `folders` (absolute) are removed if this process is killed meanwhile. They need not be there yet:
 * who makes them afterwards has them removed at any moment. Without folders it costs nothing yet.
 */
export function guard(folders: readonly string[] = []): Watchdog {
  const hold = { folders }
  holds.add(hold)
  if (folders.length > 0) wake()
  tell()
  return {
    get pid() {
      return watching?.child.pid
    },
    async [Symbol.asyncDispose]() {
      holds.delete(hold)
      if (holds.size > 0) tell()
      else await leave()
    },
  }
}

/**
 * To be called before a child is started: has the watchdog there if anybody holds it. It does not wait for it: its pipe
 * is open when this returns, which is all it takes.
 */
export function wake(): void {
  if (watching || holds.size === 0) return
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    cwd: '/',
    // Neither the mark nor NODE_OPTIONS, and nothing by which a runner finds orphans.
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
  })
  child.unref()
  const pipe = child.stdin as typeof child.stdin & { unref(): void }
  pipe.unref()
  // It is the last resort of a process that is killed; that it is not there hurts nobody else.
  child.on('error', () => {})
  pipe.on('error', () => {})
  watching = { child, pipe }
  tell()
}

/** A group to end too: the only way where environments cannot be read, or were thrown away. */
export function watchGroup(pgid: number): void {
  groups.add(pgid)
  tell()
}

/** A group that is gone; its number may soon be somebody else's. */
export function forgetGroup(pgid: number): void {
  groups.delete(pgid)
  tell()
}

function tell(): void {
  const state: Guarded = {
    mark: MARK_ASSIGNMENT,
    groups: [...groups],
    folders: [...holds].flatMap(({ folders }) => folders),
  }
  watching?.pipe.write(`${JSON.stringify(state)}\n`)
}

/** Sends the watchdog away. Killed, so that nobody waits for one that has only just begun to come up. */
async function leave(): Promise<void> {
  if (!watching) return
  const { child, pipe } = watching
  watching = undefined
  child.kill('SIGKILL')
  pipe.destroy()
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  await new Promise((resolve) => child.once('exit', resolve))
}
