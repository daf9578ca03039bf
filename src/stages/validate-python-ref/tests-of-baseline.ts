import { readFile } from 'node:fs/promises'
import type { Project } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import type { Baseline } from './guard/baseline-file.ts'
import { isWithin } from './guard/compare.ts'
import type { Exceptions } from './guard/exceptions.ts'
import { isTestFile, testFunctions } from './guard/test-functions.ts'
import type { FunctionResult } from './reference/function-results.ts'
import { selectionIn } from './reference/test-selection.ts'
import type { TestSuite } from './reference/test-suite.ts'
import type { TestRun } from './reference/tests.ts'

/** How many tests one line names for each reason, and how many reasons. */
const SHOWN = 2
const REASONS = 3

const ANEW = 'write it anew: mesh-actions baseline'

/** What a run of the tests is held to. */
export interface TestMeasure {
  readonly baselines: readonly Baseline[]
  readonly exceptions: Exceptions
  /** Further arguments that pytest had. */
  readonly testArguments: readonly string[]
}

/**
 * Holds the tests that ran against those of the baselines, in each folder of `python.tests`: their number
 * (`tests-run/<folder>`), and each that is still declared (`tests-named/<folder>`), so that none is replaced by another.
 * What is deleted or marked to be skipped is told by the guard, which reads that without running it.
 */
export async function testsOfBaseline(
  project: Project,
  run: TestRun,
  { baselines, exceptions, testArguments }: TestMeasure,
): Promise<readonly Check[]> {
  if (baselines.length === 0) return []
  const results = new Map(run.functions.map((one) => [one.id, one]))
  const missed = new Set(
    baselines.flatMap(({ tests }) =>
      tests.flatMap(({ id, skipped, notRun }) => (skipped || notRun || results.get(id)?.ran ? [] : [id])),
    ),
  )
  const folders = new Set([
    ...baselines.flatMap(({ testsRun }) => [...testsRun.keys()]),
    ...run.suites.map(({ folder }) => folder),
  ])
  const checks: Check[] = []
  for (const folder of folders) {
    const suite = run.suites.find((one) => one.folder === folder)
    const lost = [...missed].filter((id) => isWithin(fileOf(id), folder))
    const told = run.checks.some(({ id }) => id === `tests/${folder}`)
    checks.push(
      !suite && told
        ? { ...numberCheck(folder), verdict: 'skipped', detail: 'they did not run' }
        : enough(folder, suite, lost, baselines, exceptions),
    )
    if (!suite) continue
    const declared = await declaredIn(project, folder, baselines)
    const selection = await selectionIn(testArguments, project.resolve(folder))
    checks.push(named(folder, { lost, declared, selection, functions: run.functions }, baselines, exceptions))
  }
  return checks
}

function numberCheck(folder: string): Pick<Check, 'id' | 'title'> {
  return { id: `tests-run/${folder}`, title: `as many tests run in ${folder} as the baseline has` }
}

/** A fall is agreed on by an exception for the folder, or for every file that has lost a test. */
function enough(
  folder: string,
  suite: TestSuite | undefined,
  lost: readonly string[],
  baselines: readonly Baseline[],
  exceptions: Exceptions,
): Check {
  const check = numberCheck(folder)
  const numbers = baselines.flatMap(({ testsRun }) => testsRun.get(folder) ?? [])
  if (numbers.length === 0) {
    const detail = `the baseline does not say how many tests run in ${folder}`
    return { ...check, verdict: 'inconclusive', detail, fix: ANEW }
  }
  const least = Math.max(...numbers)
  const ran = suite?.counts.ran ?? 0
  const figures = {
    measured: { value: ran, unit: 'count' },
    limit: { kind: 'at-least', value: least, unit: 'count' },
  } as const
  const { skipped = 0, xfailed = 0 } = suite?.counts ?? {}
  const others = [
    ...(skipped > 0 ? [`${skipped} ${are(skipped)} skipped`] : []),
    ...(xfailed > 0 ? [`${xfailed} ${are(xfailed)} expected to fail`] : []),
  ]
  if (ran >= least) return { ...check, verdict: 'pass', detail: [`${ran}`, ...others].join(', '), ...figures }
  const detail = suite
    ? [`${ran} of ${least} ran`, ...others].join(', ')
    : 'python.tests does not have it any more'
  const files = [...new Set(lost.map(fileOf))]
  const excused = [folder, ...files].filter((path) => exceptions.excuse(path, 'tests', 'deleted', 'moved'))
  if (excused.includes(folder) || (files.length > 0 && excused.length === files.length)) {
    return { ...check, verdict: 'pass', detail: `${detail}, as was agreed on`, ...figures }
  }
  const place = files.length === 0 ? ` for ${folder}` : ''
  const fix = `bring them back, or agree on it: preserve.exceptions with change: tests${place}`
  return { ...check, verdict: 'fail', detail, fix, ...figures }
}

interface Found {
  /** The tests of the baselines that did not run. */
  readonly lost: readonly string[]
  /** Those that its files still declare, and do not mark to be skipped. */
  readonly declared: ReadonlySet<string>
  readonly selection: string | undefined
  readonly functions: readonly FunctionResult[]
}

function named(
  folder: string,
  { lost, declared, selection, functions }: Found,
  baselines: readonly Baseline[],
  exceptions: Exceptions,
): Check {
  const check = { id: `tests-named/${folder}`, title: `every test of the baseline in ${folder} runs` }
  const all = new Set(baselines.flatMap(({ tests }) => tests.map(({ id }) => id)))
  const here = [...all].filter((id) => isWithin(fileOf(id), folder))
  if (here.length === 0) {
    return declared.size > 0
      ? { ...check, verdict: 'inconclusive', detail: 'the baseline names no test there', fix: ANEW }
      : { ...check, verdict: 'skipped', detail: 'no file of the baseline there declares a test' }
  }
  if (selection !== undefined) {
    const detail = `not checked: test-arguments select a part of the tests (${selection})`
    return { ...check, verdict: 'skipped', detail }
  }
  const missing = lost.filter((id) => declared.has(id))
  const unexcused = missing.filter((id) => !exceptions.excuse(fileOf(id), 'tests'))
  const [first] = unexcused
  if (first === undefined) {
    const agreed = missing.length > 0 ? `, but for ${missing.length} as was agreed on` : ''
    return { ...check, verdict: 'pass', detail: `${here.length - lost.length} of them${agreed}` }
  }
  const tests = unexcused.length === 1 ? 'test' : 'tests'
  return {
    ...check,
    verdict: 'fail',
    detail: `${unexcused.length} ${tests} of the baseline did not run: ${reasons(unexcused, functions)}`,
    fix: 'let them run, or agree on it: preserve.exceptions with change: tests',
    measured: { value: unexcused.length, unit: 'count' },
    location: { file: fileOf(first) },
  }
}

/** Some of the tests, by why they did not run. */
function reasons(tests: readonly string[], functions: readonly FunctionResult[]): string {
  const groups = new Map<string, string[]>()
  for (const id of tests) {
    const why = reasonFor(id, functions)
    groups.set(why, [...(groups.get(why) ?? []), id])
  }
  const told = [...groups].map(([why, ids]) => {
    const more = ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : ''
    return `${ids.slice(0, SHOWN).join(', ')}${more} (${why})`
  })
  const more = told.length > REASONS ? [`and others (${told.length - REASONS} more reasons)`] : []
  return [...told.slice(0, REASONS), ...more].join('; ')
}

/** A module or folder may have skipped itself, with all that is in it. */
function reasonFor(id: string, functions: readonly FunctionResult[]): string {
  const own = functions.find((one) => one.id === id)
  const around = functions.find((one) => id.startsWith(`${one.id}::`) || id.startsWith(`${one.id}/`))
  return own?.why ?? around?.why ?? 'no result: not collected, deselected or only set up'
}

/** The tests that the files of the baselines declare now, and do not mark to be skipped. */
async function declaredIn(
  project: Project,
  folder: string,
  baselines: readonly Baseline[],
): Promise<ReadonlySet<string>> {
  const files = new Set(baselines.flatMap((one) => one.files.map(({ path }) => path)))
  const declared = new Set<string>()
  for (const path of files) {
    if (!isTestFile(path) || !isWithin(path, folder)) continue
    const text = await readFile(project.resolve(path), 'utf8').catch(absent)
    for (const { id, skipped } of testFunctions(path, text ?? '')) if (!skipped) declared.add(id)
  }
  return declared
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}

function fileOf(id: string): string {
  return id.slice(0, id.indexOf('::'))
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
