import { join } from 'node:path'
import type { Environment } from '../../../process/environment.ts'
import type { OutputSink } from '../../../process/log.ts'
import { OUTPUT_PREFIX } from '../../../process/neutralise.ts'
import { ending, type Outcome, succeeded } from '../../../process/run.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import { failureOf, runTool } from '../../../toolchain/command.ts'
import type { Limits } from '../../../toolchain/limits.ts'
import type { FoundTool, ToolPlaces } from '../../../toolchain/tool.ts'
import { findUv } from '../../../toolchain/uv.ts'
import { indexSettings } from './index-settings.ts'
import { installerCause, installerHint } from './installer-message.ts'
import { pythonOf } from './venv.ts'

/** What makes environments and fills them: uv, or pip where there is no uv. */
export interface Installer {
  /** uv 0.13.9, or pip. */
  readonly name: string
  /** Makes an empty environment. Throws a ConfigurationError when the machine cannot. */
  create(venv: string, output: OutputSink): Promise<void>
  /** Installs all of it in one resolution; the cause in one line when it fails. */
  install(venv: string, args: readonly string[], output: OutputSink): Promise<Failure | undefined>
}

/** Why an installation failed, in one line, and what the installer itself proposes. */
export interface Failure {
  readonly cause: string
  readonly fix: string | undefined
}

/** Lines that are kept to find the cause in; the log has them all. */
const KEPT_LINES = 2_000

/** uv where there is one or PyPI gives it, else the interpreter's own venv and pip, which is then said. */
export async function chooseInstaller(
  python: FoundTool,
  directory: string,
  places: ToolPlaces,
  limits: Limits,
): Promise<Installer> {
  const search = await findUv(places, [python.executable], limits)
  for (const reason of search.passedOver) places.log.info(`passed over ${reason}`)
  if (!search.found) {
    places.log.warn('there is no uv: packages are installed with pip, which takes longer')
    return withPip(python, directory, places, limits)
  }
  const { executable, version } = search.found
  const env = await indexSettings(python.executable, directory, places)
  return withUv({ executable, version, env }, python, directory, places, limits)
}

function withUv(
  uv: { readonly executable: string; readonly version: string; readonly env: Environment },
  python: FoundTool,
  directory: string,
  places: ToolPlaces,
  limits: Limits,
): Installer {
  const run = runner(directory, places, limits, uv.env)
  return {
    name: `uv ${uv.version}`,
    async create(venv, output) {
      const made = await run(
        [uv.executable, 'venv', '--no-project', '--python', python.executable, venv],
        output,
      )
      if (!succeeded(made.outcome)) throw unmade(made.outcome)
    },
    async install(venv, args, output) {
      // With a pip of its own: `pip install` in a later step would otherwise be that of the next Python on PATH.
      const command = [uv.executable, 'pip', 'install', '--python', pythonOf(venv), 'pip', ...args]
      const failure = failureIn(await run(command, output))
      // Nothing is wrong with what cannot be compiled; it only starts more slowly.
      if (!failure) await run(compiling(venv), output)
      return failure
    },
  }
}

/**
 * Compiles what is installed, as pip does it: the stages start many programs from here, and where
 * PYTHONDONTWRITEBYTECODE is set each would compile all that it imports. uv can do it as well, but an installation is
 * red to it when a busy machine lets one of its compilers wait.
 */
function compiling(venv: string): readonly string[] {
  const library = join(venv, process.platform === 'win32' ? 'Lib' : 'lib')
  // No program of the project's imports pip, which is a third of it all.
  const passedOver = ['-x', String.raw`[/\\]pip[/\\]`]
  return [pythonOf(venv), '-I', '-m', 'compileall', '-qq', '-j', '0', ...passedOver, library]
}

function withPip(python: FoundTool, directory: string, places: ToolPlaces, limits: Limits): Installer {
  const run = runner(directory, places, limits, { PIP_DISABLE_PIP_VERSION_CHECK: '1' })
  const pip = (venv: string, ...args: readonly string[]) => [pythonOf(venv), '-I', '-m', 'pip', ...args]
  return {
    name: 'pip',
    async create(venv, output) {
      const made = await run([python.executable, '-I', '-m', 'venv', venv], output)
      if (!succeeded(made.outcome)) throw unmade(made.outcome)
      // Older Pythons put setuptools there, which would hide that a package forgets to declare it.
      await run(pip(venv, 'uninstall', '--yes', 'setuptools', 'wheel'), output)
    },
    async install(venv, args, output) {
      return failureIn(await run(pip(venv, 'install', '--use-pep517', ...args), output))
    },
  }
}

interface Ran {
  readonly outcome: Outcome
  readonly lines: readonly string[]
}

function runner(directory: string, places: ToolPlaces, limits: Limits, env: Environment) {
  return async (argv: readonly string[], output: OutputSink): Promise<Ran> => {
    const lines: string[] = []
    const keep: OutputSink = (line) => {
      lines.push(line.startsWith(OUTPUT_PREFIX) ? line.slice(OUTPUT_PREFIX.length) : line)
      if (lines.length > KEPT_LINES) lines.shift()
      output(line)
    }
    const options = { cwd: directory, env, timeoutMs: limits.installMs, output: keep }
    return { outcome: await runTool(argv, places, options), lines }
  }
}

function failureIn({ outcome, lines }: Ran): Failure | undefined {
  if (succeeded(outcome)) return undefined
  const told = outcome.ended === 'exited' ? installerCause(lines) : ending(outcome)
  return { cause: told ?? failureOf(outcome), fix: installerHint(lines) }
}

function unmade(outcome: Outcome): ConfigurationError {
  const isDebian = outcome.tail.some((line) => line.includes('ensurepip'))
  return new ConfigurationError(
    `cannot make a virtual environment: ${installerCause(outcome.tail) ?? failureOf(outcome)}`,
    { fix: isDebian ? 'install the package python3-venv, or put uv on PATH' : undefined },
  )
}
