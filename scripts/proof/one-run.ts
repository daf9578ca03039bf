import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pause } from '../../src/process/services/pause.ts'
import { processesAndFiles } from './leftovers.ts'
import type { Ending, Fault, Proven } from './proven.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const CLI = `import(${JSON.stringify(MAIN)}).then(({ cli }) => cli(process.argv.slice(1)))`

/** What a run was, and how long it was until nothing was left of it. */
export interface Ended {
  readonly fault: string
  readonly ending: Ending
  readonly code: number | null
  /** Whether there is a result, good or bad, and not merely an error. */
  readonly judged: boolean
  /** From the signal to the end of the stage's own process; 0 where there was none. */
  readonly endedMs: number
  /** From the end of the stage's own process until nothing was left. */
  readonly cleanMs: number
  /** What was still there when the time for it was over. */
  readonly left: readonly string[]
}

/**
 * Runs the stage on a project with a fault, in a process of its own as the command line does, and ends it `afterMs`
 * after its start in the given way, if it is there by then.
 */
export async function oneRun<F extends Fault>(
  proven: Proven<F>,
  fault: F,
  ending: Ending,
  afterMs: number,
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-proof-'))
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const { directory, flags } = proven.project(fault, folder)
  // Every process of the run has it in its environment, the watchdog too, which gets no other variable.
  const trace = `/proof-${randomUUID()}`
  try {
    const child = spawn(
      process.execPath,
      ['-e', CLI, 'run', proven.stage, '--project', directory, ...flags],
      {
        cwd: folder,
        env: { ...process.env, TMPDIR: temporary, PATH: `${process.env.PATH}:${trace}` },
        stdio: 'ignore',
      },
    )
    const over = endOf(child)
    let signalledAt: number | undefined
    if (ending !== 'by itself') {
      await Promise.race([over, pause(afterMs)])
      signalledAt = performance.now()
      child.kill(ending)
    }
    const code = await over
    const endedAt = performance.now()
    const look = async () => {
      const own = processesAndFiles({ trace, temporary })
      // The next run begins when nothing of this one is at work any more.
      if (own.length > 0) return own
      if (ending === 'SIGKILL') await proven.nextRun?.()
      return proven.leftovers({ pid: child.pid ?? 0, directory, trace })
    }
    let left = await look()
    while (left.length > 0 && performance.now() - endedAt < proven.cleanMs) {
      await pause(5)
      left = await look()
    }
    const endedMs = signalledAt === undefined ? 0 : endedAt - signalledAt
    const judged = existsSync(join(directory, '.mesh', 'results', `${proven.stage}.json`))
    return { fault: fault.name, ending, code, judged, endedMs, cleanMs: performance.now() - endedAt, left }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
}
