import type { Command } from 'commander'
import { loadAction } from '../actions/index.ts'
import { type Action, action, input, output } from '../platform/declare.ts'
import { exitCode } from '../platform/exit-codes.ts'
import { interruption } from '../platform/interruption.ts'
import { perform } from '../platform/perform.ts'
import { cause } from '../result/judge.ts'
import { takeBaseline, writeBaseline } from '../stages/validate-python-ref/take-baseline.ts'
import { applyEnvironment } from './environment.ts'
import { addFlags, type FlagValues, flagLabel, flagText } from './flags.ts'
import { progress } from './progress.ts'
import { terminalRunner } from './terminal.ts'

/** So many lines that go are told one by one. */
const SHOWN = 10

/** Takes the baseline; an action of the command line alone, which nobody should run in a workflow. */
const declared = action({
  title: 'Baseline',
  description: 'Writes mesh.baseline: what validate-python-ref holds the reference to',
  inputs: {
    testArguments: input.arguments('Further arguments for pytest'),
    timeout: input.duration('How long the tests of each folder may take', { default: '10m' }),
  },
  outputs: { summary: output.text('What was written') },
  async run({ inputs, project, stage, place }) {
    const places = {
      ...{ log: stage.log, signal: stage.signal, temporary: stage.temporary },
      ...{ toolCache: place.toolCache, userCache: place.userCache, environment: process.env },
    }
    const baseline = await takeBaseline(project, places, { ...inputs, timeoutMs: inputs.timeout })
    const { added, removed } = await writeBaseline(project, baseline)
    // So vanish what was deleted by accident.
    for (const line of removed.slice(0, SHOWN)) stage.log.warn(`not in it any more: ${line}`)
    if (removed.length > SHOWN) stage.log.warn(`and ${removed.length - SHOWN} more lines`)
    const ran = [...baseline.testsRun.values()].reduce((sum, count) => sum + count, 0)
    const holds = `${baseline.files.length} files, ${baseline.surface.length} public names, ${ran} tests`
    const change =
      added.length + removed.length === 0 ? 'as before' : `+${added.length} -${removed.length} lines`
    return { outputs: { summary: `${project.config.preserve.baseline}: ${holds} (${change})` } }
  },
})

// Its inputs are parsed and handed on by those who run any action.
const taking = declared as unknown as Action

/** Adds `baseline` to the program; `done` takes its exit code. */
export function defineBaseline(program: Command, done: (code: number) => void): void {
  const command = program
    .command('baseline')
    .description('writes mesh.baseline: what validate-python-ref holds the Python reference to')
    .option('--project <dir>', 'folder of the project', '.')
  addFlags(command, [taking])
  command.action(async (flags: FlagValues) => done(await baseline(flags)))
}

/** Takes and writes the baseline; the exit code. Throws a ConfigurationError where there is no measure to take. */
export async function baseline(flags: FlagValues): Promise<number> {
  const show = await progress(false)
  const signal = interruption()
  const request = (changes: Readonly<Record<string, string>>) => ({
    text: (name: string) => changes[name] ?? flagText(flags, name),
    label: flagLabel,
    signal,
  })
  const [setup] = await show.stages([
    {
      name: 'setup-mesh-toolchain',
      work: async (log) => {
        const value = await perform(
          await loadAction('setup-mesh-toolchain'),
          request({ go: 'false' }),
          terminalRunner(log),
        )
        const green = value.effective === 'pass'
        return { value, title: green ? 'Python is ready' : 'Python is not ready', green }
      },
    },
  ])
  if (setup?.effective !== 'pass') {
    show.print(`no baseline is written: ${setup?.result ? cause(setup.result) : 'Python is not ready'}`)
    return exitCode('fail')
  }
  applyEnvironment(setup.environment)
  await show.stages([
    {
      name: 'baseline',
      work: async (log) => {
        const value = await perform(taking, request({}), terminalRunner(log))
        return { value, title: String(value.outputs.summary), green: true }
      },
    },
  ])
  return exitCode('pass')
}
