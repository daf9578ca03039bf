import { childEnvironment, type Environment } from '../process/environment.ts'
import { type CommandOptions, ending, type Outcome, run, succeeded } from '../process/run.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { ToolPlaces } from './tool.ts'

/** What would lead Python, pip or uv away from the interpreter and the folder that they are given. */
const MISLEADING = [
  'PYTHONHOME',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'PIP_USER',
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_ROOT',
  'PIP_PYTHON',
  'PIP_REQUIRE_VIRTUALENV',
  'PIP_REQUIRE_HASHES',
  'PIP_NO_BUILD_ISOLATION',
  'UV_SYSTEM_PYTHON',
  'UV_BREAK_SYSTEM_PACKAGES',
  'UV_PYTHON',
  'UV_TARGET',
  'UV_PREFIX',
  'UV_VENV_SEED',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
]

/** Output for a log and not for a terminal. */
const PLAIN: Environment = { NO_COLOR: '1', UV_NO_PROGRESS: '1', PIP_PROGRESS_BAR: 'off', PIP_NO_INPUT: '1' }

/** The environment in which Python tools run, as changes against this process's own. */
function environmentFor(places: ToolPlaces, changes: Environment): Environment {
  const wanted = childEnvironment(places.environment)
  const gone = Object.keys(process.env).filter((name) => !(name in wanted))
  const other = Object.entries(wanted).filter(([name, value]) => process.env[name] !== value)
  return Object.fromEntries([
    ...[...gone, ...MISLEADING].map((name) => [name, undefined]),
    ...other.filter(([name]) => !MISLEADING.includes(name)),
    ...Object.entries({ ...PLAIN, ...changes }),
  ])
}

/** Runs a program of the toolchain in the environment of the places; it is ended when the stage is. */
export function runTool(
  argv: readonly string[],
  places: ToolPlaces,
  options: Omit<CommandOptions, 'signal' | 'cwd'> & { readonly cwd?: string },
): Promise<Outcome> {
  return run(argv, {
    cwd: places.temporary,
    ...options,
    temporary: places.temporary,
    signal: places.signal,
    env: environmentFor(places, options.env ?? {}),
  })
}

/** What a short question gets as its answer, or why there is none, in words. */
export async function ask(
  argv: readonly string[],
  places: ToolPlaces,
  options: { readonly timeoutMs?: number; readonly env?: Environment } = {},
): Promise<{ readonly stdout: string } | { readonly failure: string }> {
  try {
    const outcome = await runTool(argv, places, { timeoutMs: 10_000, ...options, stdout: 'capture' })
    return succeeded(outcome) ? { stdout: outcome.stdout } : { failure: failureOf(outcome) }
  } catch (error) {
    if (error instanceof ConfigurationError) return { failure: error.message }
    throw error
  }
}

/** How a command ended, with its last words; of a pyenv shim the first ones, which say what it has not got. */
export function failureOf(outcome: Outcome): string {
  const lines = outcome.tail.map((line) => line.trim()).filter((line) => line !== '')
  const said = lines.find((line) => /^pyenv: /.test(line)) ?? lines.at(-1)
  return said ? `${ending(outcome)} (${said.slice(0, 300)})` : ending(outcome)
}
