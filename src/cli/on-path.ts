import { run, succeeded } from '../process/run.ts'
import { ConfigurationError } from '../result/configuration-error.ts'

/** Long enough for a machine at work. */
const ANSWER_MS = 30_000

/**
 * Asks a program on PATH for its version: what the first group of `says` finds in its answer to `--version`, or in
 * words why there is none.
 */
export async function onPath(
  name: string,
  says: RegExp,
  signal: AbortSignal,
): Promise<{ readonly version: string } | { readonly lacking: string }> {
  try {
    const outcome = await run([name, '--version'], {
      cwd: process.cwd(),
      timeoutMs: ANSWER_MS,
      signal,
      stdout: 'capture',
    })
    const version = succeeded(outcome) ? says.exec(outcome.stdout)?.[1] : undefined
    if (version !== undefined) return { version }
    return { lacking: `the ${name} on PATH is another program: it does not say its version as ${name} does` }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { lacking: `there is no ${name} on PATH` }
  }
}
