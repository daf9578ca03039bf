import { neutralise, OUTPUT_PREFIX } from '../../../process/neutralise.ts'
import { type CommandOptions, ending, type Outcome, run, succeeded } from '../../../process/run.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { type GoVersion, parseToolchain } from './version.ts'

type Changes = Readonly<Record<string, string | undefined>>

/**
 * Runs a program with the environment of these places instead of this process's own. The search's folder is not its
 * folder for temporary files as well: Go would ignore the go.mod that lies there.
 */
export function runIn(
  places: ToolPlaces,
  argv: readonly string[],
  options: Pick<CommandOptions, 'timeoutMs' | 'output' | 'stdout'> & { readonly env?: Changes },
): Promise<Outcome> {
  const others = Object.keys(process.env).filter((name) => !(name in places.environment))
  const unset = Object.fromEntries(others.map((name) => [name, undefined]))
  return run(argv, {
    ...options,
    cwd: places.temporary,
    env: { ...unset, ...places.environment, ...options.env },
    signal: places.signal,
  })
}

/** A Go that has said its version, or why it has not. */
export type Answer = { readonly version: GoVersion } | { readonly broken: string }

/**
 * Runs a `go` to hear its own version: GOTOOLCHAIN=local, for otherwise it may answer for another one that it
 * switches to. A Go that cannot be started, fails, hangs or says something else is `broken`.
 */
export async function askVersion(
  executable: string,
  places: ToolPlaces,
  limits: { readonly answerMs: number },
  env: Changes = {},
): Promise<Answer> {
  let outcome: Outcome
  try {
    outcome = await runIn(places, [executable, 'version'], {
      env: { ...env, GOTOOLCHAIN: 'local' },
      timeoutMs: limits.answerMs,
      stdout: 'capture',
    })
  } catch (error) {
    places.signal.throwIfAborted()
    // Whatever keeps the program from starting, it is this program's fault: wrong processor, no permission.
    return { broken: `does not start: ${(error as Error).message}` }
  }
  if (!succeeded(outcome)) return { broken: `does not run: ${complaint(outcome)}` }
  const said = outcome.stdout.trim()
  const version = parseToolchain(/^go version (\S+) /.exec(said)?.[1] ?? '')
  if (version) return { version }
  return { broken: said === '' ? 'does not say its version' : `says ${quoted(said.slice(0, 100))}` }
}

/** The first words of a command that failed, which say why, and how it ended; safe to print. */
export function complaint(outcome: Outcome): string {
  const said = outcome.tail
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^go: downloading /.test(line))
    .slice(0, 2)
  return said.length === 0 ? ending(outcome) : `${quoted(said.join(' '))} (${ending(outcome)})`
}

/** A child's words within a line of ours, in which no workflow command runs. */
function quoted(text: string): string {
  return neutralise(text.replace(/\s+/g, ' ')).slice(OUTPUT_PREFIX.length)
}
