import { existsSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import type { OutputSink } from '../../../process/log.ts'
import { neutralise, OUTPUT_PREFIX } from '../../../process/neutralise.ts'
import { ending, type Outcome } from '../../../process/run.ts'
import type { Project } from '../../../project/load.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { Check } from '../../../result/stage-result.ts'
import { formatDuration } from '../../../result/units.ts'
import { failureOf, runTool } from '../../../toolchain/command.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import type { Absence } from './absence.ts'
import { pythonOnPath, referenceEnvironment } from './interpreter.ts'
import { readLayouts } from './layout.ts'
import { locationIn } from './place.ts'
import { blamedIn, shadowsIn } from './shadowing.ts'
import { tracebackIn } from './traceback.ts'

const IS_WINDOWS = process.platform === 'win32'

/** Lines of stderr that are kept to find a cause in; the log has them all. */
const KEPT_LINES = 2_000

/** A command of the reference, with its program in place of the placeholder. */
interface Command {
  readonly check: Pick<Check, 'id' | 'title'>
  readonly argv: readonly string[]
}

/**
 * Whether the commands of the reference work: those of `python.commands`, and with --help those that a pyproject.toml
 * declares. One check `commands/<command>` for each, one after the other in the project's folder: exit code 0 in time,
 * something on stdout, no traceback, and no coroutine that was never awaited. With an `absence` none is started, and
 * each is as inconclusive. Throws a ConfigurationError for a placeholder that stands for nothing here.
 */
export async function checkCommands(
  project: Project,
  places: ToolPlaces,
  { timeoutMs, absence }: { readonly timeoutMs: number; readonly absence?: Absence | undefined },
): Promise<readonly Check[]> {
  const python = await pythonOnPath(places)
  const checks: Check[] = []
  for (const command of declared(project, python)) {
    checks.push(
      absence
        ? { ...command.check, ...absence }
        : await checkCommand(project, python, command, places, timeoutMs),
    )
  }
  for (const layout of await readLayouts(project)) {
    if (layout.broken !== undefined) {
      const file = posix.join(layout.path, 'pyproject.toml')
      checks.push({
        ...named(file, `The commands of ${file}`),
        verdict: 'fail',
        detail: `it cannot be read: ${layout.broken}`,
        location: { file },
      })
    }
    for (const script of layout.scripts) {
      checks.push(
        absence
          ? { ...helped(script.name), ...absence }
          : await checkScript(project, python, script.name, layout.path, places, timeoutMs),
      )
    }
  }
  return checks
}

function declared(project: Project, python: string): readonly Command[] {
  return project.config.python.commands.map((written, index) => ({
    check: named(written.join(' '), `${written.join(' ')} works`),
    argv: written.map((word, at) => {
      if (at === 0 && /^python3?$/.test(word)) return python
      return word.replace(/\{([A-Za-z][A-Za-z-]*)\}/g, (whole, name) => {
        if (name === 'python') return python
        throw new ConfigurationError(`python.commands: ${whole} stands for nothing in this stage`, {
          place: project.place(['python', 'commands', index, at]),
        })
      })
    }),
  }))
}

function named(name: string, title: string): Command['check'] {
  return { id: `commands/${name}`, title }
}

function helped(script: string): Command['check'] {
  return named(script, `${script} --help works`)
}

async function checkScript(
  project: Project,
  python: string,
  script: string,
  path: string,
  places: ToolPlaces,
  timeoutMs: number,
): Promise<Check> {
  const program = join(dirname(python), IS_WINDOWS ? `${script}.exe` : script)
  const check = helped(script)
  if (!existsSync(program)) {
    return {
      ...check,
      verdict: 'inconclusive',
      detail: `${path}/pyproject.toml declares it, and the environment of the python on PATH does not have it`,
      fix: 'run setup-mesh-toolchain first',
    }
  }
  return checkCommand(project, python, { check, argv: [program, '--help'] }, places, timeoutMs)
}

async function checkCommand(
  project: Project,
  python: string,
  { check, argv }: Command,
  places: ToolPlaces,
  timeoutMs: number,
): Promise<Check> {
  let ended: Ended
  try {
    ended = await places.log.task(check.title, (output) =>
      runCommand(argv, project, places, timeoutMs, output),
    )
  } catch (error) {
    // Its program is the project's own as often as the machine's.
    if (!(error instanceof ConfigurationError)) throw error
    return { ...check, verdict: 'fail', detail: error.message }
  }
  const { outcome, stdout, stderr } = ended
  const fault = faultIn(outcome, stdout, stderr, project)
  if (fault === undefined) {
    return { ...check, verdict: 'pass', detail: `exit code 0 in ${formatDuration(outcome.durationMs)}` }
  }
  const shadow = blamedIn([...stderr, ...stdout], await shadowsIn(foldersOf(argv, project), python, places))
  if (!shadow) return { ...check, verdict: 'fail', ...fault }
  const { location } = locationIn(project, shadow.file)
  return {
    ...check,
    verdict: 'fail',
    detail: `${location?.file ?? shadow.file} shadows Python's own ${shadow.module}: ${fault.detail}`,
    fix: `give ${location?.file ?? shadow.file} another name`,
    ...(location ? { location } : {}),
  }
}

interface Ended {
  readonly outcome: Outcome
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
}

async function runCommand(
  argv: readonly string[],
  project: Project,
  places: ToolPlaces,
  timeoutMs: number,
  output: OutputSink,
): Promise<Ended> {
  const stderr: string[] = []
  const outcome = await runTool(argv, places, {
    cwd: project.directory,
    timeoutMs,
    stdout: 'capture',
    // Warnings that are silenced, or errors, would hide or invent what is looked for.
    env: { ...referenceEnvironment(places), PYTHONWARNINGS: undefined },
    output: (line) => {
      stderr.push(line.startsWith(OUTPUT_PREFIX) ? line.slice(OUTPUT_PREFIX.length) : line)
      if (stderr.length > KEPT_LINES) stderr.shift()
      output(line)
    },
  })
  const stdout = outcome.stdout.split(/\r?\n/)
  for (const line of stdout) if (line !== '') output(neutralise(line))
  return { outcome, stdout, stderr }
}

/** What is wrong with how a command ended and what it said; undefined when nothing is. */
function faultIn(
  outcome: Outcome,
  stdout: readonly string[],
  stderr: readonly string[],
  project: Project,
): (Pick<Check, 'location'> & { readonly detail: string }) | undefined {
  const trace = tracebackIn(stderr, project) ?? tracebackIn(stdout, project)
  const place = trace ? locationIn(project, trace.file, trace.line) : {}
  const said = trace ? `: ${trace.said}` : ''
  if (outcome.ended === 'timed-out') return { detail: ending(outcome), ...place }
  if (outcome.ended !== 'exited' || outcome.code !== 0) {
    return { detail: trace ? `${ending(outcome)}${said}` : failureOf(outcome), ...place }
  }
  if (trace) return { detail: `it prints a traceback, though it ends with exit code 0${said}`, ...place }
  const forgotten = stderr.find((line) => line.includes('was never awaited'))
  if (forgotten !== undefined) return neverAwaited(forgotten, project)
  if (stdout.every((line) => line.trim() === '')) {
    const only = stderr.some((line) => line.trim() !== '') ? ' on stdout' : ''
    return { detail: `it prints nothing${only}` }
  }
  return undefined
}

/** Python's own line has the place: `app.py:3: RuntimeWarning: coroutine 'main' was never awaited`. */
function neverAwaited(line: string, project: Project) {
  const [, file, number, said] = /^(.+?):(\d+): \w+Warning: (.*)$/.exec(line) ?? []
  return { detail: said ?? line.trim(), ...locationIn(project, file, number ? Number(number) : null) }
}

/** Where a script's imports are looked for before Python's own modules: its folder, or with -m the current one. */
function foldersOf(argv: readonly string[], { directory }: Project): readonly string[] {
  const script = argv.slice(1).find((word) => !word.startsWith('-'))
  const isModule = argv.includes('-m') || argv.includes('-c')
  return isModule || !script?.endsWith('.py') ? [directory] : [dirname(resolve(directory, script))]
}
