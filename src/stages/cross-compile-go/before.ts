import { ending, run, succeeded } from '../../process/run.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'
import type { StageContext } from '../context.ts'

const BEFORE_TIMEOUT_MS = 15 * 60_000

/** Runs the project's own preparations (`before` in mesh.yml) in its folder, in order, up to the first that fails. */
export async function runBefore(
  commands: readonly (readonly string[])[],
  directory: string,
  context: StageContext,
): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const argv of commands) {
    const words = argv.join(' ')
    const outcome = await context.log.task(words, (output) =>
      run(argv, {
        cwd: directory,
        temporary: context.temporary,
        timeoutMs: BEFORE_TIMEOUT_MS,
        signal: context.signal,
        output,
      }),
    )
    const right = succeeded(outcome)
    const last = outcome.tail.at(-1)
    checks.push({
      id: `before/${words}`,
      title: words,
      verdict: right ? 'pass' : 'fail',
      detail: right
        ? formatDuration(outcome.durationMs)
        : `${ending(outcome)}${last ? ` (${last.trim()})` : ''}`,
      ...(right ? {} : { fix: `try ${outcome.pasteable}` }),
    })
    if (!right) break
  }
  return checks
}
