import { type ChildProcess, spawn } from 'node:child_process'
import { MARK_ASSIGNMENT } from '../mark.ts'

/** What there is to end when this process is killed: its marked processes, these groups, these folders. */
interface Guarded {
  readonly mark?: string
  readonly groups?: readonly number[]
  readonly folders?: readonly string[]
}

/**
 * The whole watchdog: it reads one state after another, each a line of JSON, until the pipe closes, and then ends what
 * the last one names. Nothing is named after a normal end. It stands here as text because the bundle has no file
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
 * A small process that outlives this one when it is killed (act does that on SIGINT, a runner ten seconds after a
 * cancel) and then ends, within a second, every process that carries the mark, removes the folders it was told of,
 * and goes. It has a session of its own, so that Ctrl-C does not reach it. After a normal end it goes at once.
 */
export interface Watchdog extends AsyncDisposable {
  readonly pid: number | undefined
  /** A group to end too: the only way where environments cannot be read, or were thrown away. */
  addGroup(pgid: number): void
  /** A group that is gone; its number may soon be somebody else's. */
  removeGroup(pgid: number): void
}

/**
 * Starts the watchdog of everything that this process starts from now on, and does not wait for it: its pipe is open
 * when this returns, which is all it takes. `folders` (absolute) are removed if this process is killed.
 */
export function guard(folders: readonly string[] = []): Watchdog {
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

  const groups = new Set<number>()
  const tell = (state: Guarded) => pipe.write(`${JSON.stringify(state)}\n`)
  const update = () => tell({ mark: MARK_ASSIGNMENT, groups: [...groups], folders })
  update()
  return {
    pid: child.pid,
    addGroup: (pgid) => {
      groups.add(pgid)
      update()
    },
    removeGroup: (pgid) => {
      groups.delete(pgid)
      update()
    },
    async [Symbol.asyncDispose]() {
      const gone = exitOf(child)
      tell({})
      pipe.end()
      await gone
    },
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  await new Promise((resolve) => child.once('exit', resolve))
}
