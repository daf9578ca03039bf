import { allEnded } from '../../process/all-ended.ts'
import type { Project } from '../../project/load.ts'
import { judge } from '../../result/judge.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import type { ToolPlaces } from '../../toolchain/tool.ts'
import type { StageContext } from '../context.ts'
import type { BaseOptions } from './guard/base.ts'
import type { Change } from './guard/compare.ts'
import { type Guarded, guard } from './guard/index.ts'
import { keptSurface } from './held-to-baseline.ts'
import { absenceOf } from './reference/absence.ts'
import { checkCommands } from './reference/commands.ts'
import { checkImports } from './reference/imports.ts'
import { readSurface } from './reference/surface.ts'
import type { TestSuite } from './reference/test-suite.ts'
import { runTests } from './reference/tests.ts'
import { testsOfBaseline } from './tests-of-baseline.ts'

export interface ValidateOptions extends BaseOptions {
  /** Only compares files; needs no Python. */
  readonly guardOnly: boolean
  /** Further arguments for pytest. */
  readonly testArguments: readonly string[]
  /** For each command, and for the tests of each folder. */
  readonly timeoutMs: number
  readonly places: Pick<ToolPlaces, 'toolCache' | 'userCache' | 'environment'>
}

export interface ValidateData {
  /** Every change since the baseline, those that are allowed included. */
  readonly changes: readonly Change[]
  /** Lines of public names that the baseline does not have. */
  readonly addedNames: readonly string[]
  /** Lines of public names that read otherwise than in the baseline, in a way that breaks no caller. */
  readonly changedNames: readonly string[]
  readonly suites: readonly TestSuite[]
}

/** Whether the Python reference is there, unchanged where it must be, and works. */
export async function validateReference(
  project: Project,
  options: ValidateOptions,
  context: StageContext,
): Promise<StageResult<ValidateData>> {
  const startedAt = context.now()
  const guarded = await guard(project, options, context)
  // What is gone as a whole need not be imported to know that it does not work.
  const asks = !options.guardOnly && guarded.complete
  const works = asks ? await reference(project, guarded, options, context) : NOTHING
  return judge({
    stage: 'validate-python-ref',
    attempt: context.attempt,
    commit: context.commit,
    startedAt,
    endedAt: context.now(),
    checks: [
      ...guarded.checks,
      ...works.checks,
      ...guarded.exceptions.checks(asks),
      ...(options.guardOnly ? [leftOut] : []),
    ],
    required: [
      'baseline',
      ...(guarded.baselines.length > 0 ? ['preserved'] : []),
      ...(asks ? requiredOf(project) : []),
    ],
    tools: {},
    data: { changes: guarded.changes, ...works.data },
  })
}

interface Works {
  readonly checks: readonly Check[]
  readonly data: Omit<ValidateData, 'changes'>
}

const NOTHING: Works = { checks: [], data: { addedNames: [], changedNames: [], suites: [] } }

const leftOut: Check = {
  id: 'reference',
  title: 'the reference works',
  verdict: 'skipped',
  detail: 'only its files were compared',
}

/** Whether the reference works: imports, public names, commands, and then its own tests. */
async function reference(
  project: Project,
  { baselines, exceptions }: Guarded,
  { testArguments, timeoutMs, places }: ValidateOptions,
  { log, signal, temporary, isDisturbed }: StageContext,
): Promise<Works> {
  const tools: ToolPlaces = { ...places, log, signal, temporary }
  const absence = await absenceOf(project, tools)
  const [imports, commands, names] = await allEnded([
    checkImports(project, tools),
    checkCommands(project, tools, { timeoutMs, absence }),
    readSurface(project, tools),
  ])
  const surface = keptSurface(names, baselines, exceptions)
  const run = await runTests(project, tools, {
    arguments: testArguments,
    timeoutMs,
    isDisturbed: isDisturbed(),
    minimum: project.config.python.tests.minimum,
    absence,
  })
  const kept = await testsOfBaseline(project, run, { baselines, exceptions, testArguments })
  return {
    checks: [...imports, ...surface.checks, ...commands, ...run.checks, ...kept],
    data: { addedNames: surface.added, changedNames: surface.changed, suites: run.suites },
  }
}

function requiredOf({ config: { python } }: Project): readonly string[] {
  return [
    ...(python.packages.length > 0 ? ['imports', 'surface'] : []),
    ...(python.commands.length > 0 ? ['commands'] : []),
    ...(python.tests.paths.length > 0 ? ['tests'] : []),
  ]
}
