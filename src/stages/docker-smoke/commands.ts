import { allEnded } from '../../process/all-ended.ts'
import { succeeded } from '../../process/run.ts'
import type { Check } from '../../result/stage-result.ts'
import { flagsOf } from './container.ts'
import { docker, EngineError, make, saidBy } from './engine.ts'
import { runSpec, type Subject } from './subject.ts'

const COMMAND_MS = 60_000

/** Runs each command that mesh.yml names for an image, inside it. */
export async function commandChecks(subject: Subject): Promise<readonly Check[]> {
  return allEnded(subject.spec.commands.map((command) => commandCheck(command, subject)))
}

async function commandCheck(command: readonly string[], subject: Subject): Promise<Check> {
  const { name, signal } = subject
  const words = command.join(' ')
  const check = { id: `commands/${name}/${words}`, title: `${words} works in ${name}` }
  try {
    const id = await make(['create', ...flagsOf({ ...runSpec(subject), command })], signal)
    const outcome = await docker(['start', '--attach', id], { signal, timeoutMs: COMMAND_MS })
    if (!succeeded(outcome)) return { ...check, verdict: 'fail', detail: saidBy(outcome) }
    const measured = { value: outcome.durationMs, unit: 'ms' } as const
    return { ...check, verdict: 'pass', detail: 'exit code 0', measured }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { ...check, verdict: 'fail', detail: error.message }
  }
}
