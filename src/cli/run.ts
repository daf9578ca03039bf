import type { Command } from 'commander'
import { ACTIONS, type ActionName, loadAction } from '../actions/index.ts'
import type { Action } from '../platform/declare.ts'
import { EXIT, exitCode } from '../platform/exit-codes.ts'
import { interruption } from '../platform/interruption.ts'
import { type Performed, parseInputs, perform, type Request } from '../platform/perform.ts'
import type { Log } from '../process/log.ts'
import { nearest } from '../project/nearest.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { cause } from '../result/judge.ts'
import type { StageResult } from '../result/stage-result.ts'
import { formatDuration } from '../result/units.ts'
import { type Verdict, worse } from '../result/verdict.ts'
import { applyEnvironment } from './environment.ts'
import { addFlags, type FlagValues, flagLabel, flagText } from './flags.ts'
import { type InOrder, inOrder, waitsFor } from './order.ts'
import { progress, type Shown } from './progress.ts'
import { type RefusedStage, resultTable } from './result-table.ts'
import { terminalRunner } from './terminal.ts'

/** An action that runs a stage, by the stage's name. */
type NamedAction = readonly [name: string, declared: Action]

/** Adds `run` to the program; `done` takes its exit code. */
export async function defineRun(program: Command, done: (code: number) => void): Promise<void> {
  const stages = await loadStages()
  const command = program
    .command('run')
    .description('runs stages on a project, all of them in order when none is named')
    .argument('[stage...]', `of ${[...stages.keys()].join(', ')}`)
    .option('--project <dir>', 'folder of the project', '.')
    .option('--out <dir>', 'folder for results and logs, relative to the project; default .mesh')
    .option('--json', 'print the results as JSON; progress goes to stderr')
  addFlags(command, [...stages.values()])
  command.action(async (names: string[], flags: FlagValues) => {
    const running = chosen(names, stages)
    const when = inOrder(waitsFor(stages, new Set(running.map(([name]) => name))))
    done(await runStages(running, when, flags, { drawsReport: names.length === 0 }))
  })
}

/** The actions that run a stage, in the order of a pipeline. */
async function loadStages(): Promise<ReadonlyMap<string, Action>> {
  const names = Object.keys(ACTIONS) as ActionName[]
  const loaded = await Promise.all(names.map(async (name) => [name, await loadAction(name)] as const))
  return new Map(loaded.filter(([, declared]) => declared.stage !== undefined))
}

function chosen(names: readonly string[], stages: ReadonlyMap<string, Action>): readonly NamedAction[] {
  const unknown = names.find((name) => !stages.has(name))
  if (unknown !== undefined) {
    const near = nearest(unknown, [...stages.keys()])
    throw new ConfigurationError(`no stage "${unknown}"`, {
      fix: near ? `did you mean ${near}?` : `there are ${[...stages.keys()].join(', ')}`,
    })
  }
  return [...stages].filter(([name]) => names.length === 0 || names.includes(name))
}

async function runStages(
  stages: readonly NamedAction[],
  when: InOrder,
  flags: FlagValues,
  { drawsReport }: { readonly drawsReport: boolean },
): Promise<number> {
  const given = { text: (input: string) => flagText(flags, input), label: flagLabel }
  // A mistake in what the last stage is given must not come to light after the first has worked for minutes.
  for (const [, declared] of stages) parseInputs(declared, given)
  const signal = interruption()
  const show = await progress(flags.json === true)
  const request = { ...given, out: typeof flags.out === 'string' ? flags.out : undefined, signal }
  const ended = new Map<string, Performed | ConfigurationError>()
  const performed = () => stages.flatMap(([name]) => ended.get(name) ?? [])
  const results = () =>
    performed().flatMap((one) => (one instanceof ConfigurationError ? [] : (one.result ?? [])))
  let atWork = 0
  const isDisturbed = () => atWork > 1
  try {
    await show.stages(
      stages.map(([name, declared]) => ({
        name,
        async work(log) {
          atWork++
          const shown = await runStage(name, declared, { ...request, isDisturbed }, log).catch((error) => {
            // Of the first one a mistake ends the run. Later it is a value: what the stages before found must not go
            // with it, and the others may have all that they need, or else say themselves what they lack.
            const isFirst = ended.size === 0 && atWork === 1
            if (!(error instanceof ConfigurationError) || isFirst) throw error
            return { value: error, title: `${name}: error: ${error.oneLine}`, green: false }
          })
          atWork--
          ended.set(name, shown.value)
          if (!(shown.value instanceof ConfigurationError)) applyEnvironment(shown.value.environment)
          return shown
        },
      })),
      when,
    )
  } finally {
    // Who reads JSON gets it whatever ends the run.
    if (flags.json === true) process.stdout.write(`${JSON.stringify(results(), null, 2)}\n`)
  }
  const refused = stages.flatMap(([stage]): readonly RefusedStage[] => {
    const error = ended.get(stage)
    return error instanceof ConfigurationError ? [{ stage, error }] : []
  })
  const worst = performed().reduce<Verdict>(
    (verdict, one) => (one instanceof ConfigurationError ? verdict : worse(verdict, one.effective)),
    'skipped',
  )
  if (flags.json !== true) show.print(resultTable(results(), refused))
  // One stage at a time is somebody at work on it, who has the line above; `report` draws the page at any time.
  if (drawsReport) {
    const { drawReport, pageOf } = await import('./report.ts')
    const silent: Log = { info: () => undefined, warn: show.print, task: (_, work) => work(() => undefined) }
    const causes = new Map(refused.map(({ stage, error }) => [stage, error.oneLine]))
    const { outputs } = await drawReport(flags, silent, signal, causes)
    if (flags.json !== true) show.print(`report: ${pageOf(outputs)}`)
  }
  return refused.length > 0 && worst !== 'fail' ? EXIT.configuration : exitCode(worst)
}

async function runStage(
  name: string,
  declared: Action,
  request: Request,
  log: Log,
): Promise<Shown<Performed | ConfigurationError>> {
  const performed = await perform(declared, request, terminalRunner(log))
  const title = performed.result ? oneLine(performed.result) : name
  return { value: performed, title, green: performed.effective === 'pass' }
}

function oneLine(result: StageResult): string {
  const why = cause(result)
  return `${result.stage}: ${result.verdict} in ${formatDuration(result.durationMs)}${why ? `: ${why}` : ''}`
}
