import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pause } from '../../src/process/services/pause.ts'
import type { Fault } from './faults.ts'
import { leftoversOf } from './leftovers.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const CLI = `import(${JSON.stringify(MAIN)}).then(({ cli }) => cli(process.argv.slice(1)))`

/** How a run ends: by itself, cancelled as by a runner, or killed as by act. */
export const ENDINGS = ['by itself', 'SIGINT', 'SIGKILL'] as const
export type Ending = (typeof ENDINGS)[number]

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
 * What is still there so long after the end of its own process is left. The watchdog is done in a tenth of a second, but
 * has to come up first when the stage is killed as it begins, which on a busy machine takes its time.
 */
const CLEAN_MS = 5_000

/**
 * Runs the stage on a mesh with a fault, in a process of its own as the command line does, and ends it `afterMs` after
 * its start in the given way, if it is there by then.
 */
export async function oneRun(fault: Fault, ending: Ending, afterMs: number): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-proof-'))
  const temporary = join(folder, 'tmp')
  const project = join(folder, 'project')
  mkdirSync(temporary)
  writeProject(project, fault)
  // Every process of the run has it in its environment, the watchdog too, which gets no other variable.
  const trace = `/proof-${randomUUID()}`
  try {
    const child = spawn(
      process.execPath,
      [
        '-e',
        CLI,
        'run',
        'go-python-integration',
        '--project',
        project,
        '--only',
        'deployments,scripts',
        '--timeout',
        '2700ms',
      ],
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
    const log = join(project, '.mesh', 'logs', 'go-python-integration', 'services.log')
    let left = await leftoversOf({ trace, temporary, log })
    while (left.length > 0 && performance.now() - endedAt < CLEAN_MS) {
      await pause(5)
      left = await leftoversOf({ trace, temporary, log })
    }
    const endedMs = signalledAt === undefined ? 0 : endedAt - signalledAt
    const judged = existsSync(join(project, '.mesh', 'results', 'go-python-integration.json'))
    return { fault: fault.name, ending, code, judged, endedMs, cleanMs: performance.now() - endedAt, left }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A project with binaries that are accepted: nothing of them is started but by name. */
function writeProject(directory: string, { config }: Fault): void {
  const program = '#!/bin/sh\n'
  const platform = `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`
  const binary = {
    command: 'registry',
    path: 'registry',
    platform,
    sizeBytes: program.length,
    sha256: createHash('sha256').update(program).digest('hex'),
    goVersion: 'go1.24',
    package: 'example.com/mesh/cmd/registry',
    modules: [],
  }
  mkdirSync(join(directory, 'bin'), { recursive: true })
  writeFileSync(join(directory, 'mesh.yml'), JSON.stringify(config))
  writeFileSync(join(directory, 'bin', 'registry'), program)
  const manifest = { schema: 1, commit: 'unknown', binaries: [binary] }
  writeFileSync(join(directory, 'bin', 'binaries.json'), JSON.stringify(manifest))
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
}
