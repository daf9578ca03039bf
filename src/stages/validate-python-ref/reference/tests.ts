import { realpath, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { posix, relative, resolve } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { formatDuration } from '../../../result/units.ts'
import { PYTHON_TOOLS } from '../../../toolchain/python-tools-release.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import type { Absence } from './absence.ts'
import { type FunctionResult, functionResults } from './function-results.ts'
import { pythonOnPath } from './interpreter.ts'
import type { TestResult } from './junit.ts'
import { type PackageLayout, readLayouts } from './layout.ts'
import { locationIn } from './place.ts'
import { type Fault, faultOf, type PytestRun } from './pytest-fault.ts'
import { pluginFor } from './pytest-plugins.ts'
import { findPytest, type Pytest, runPytest, UNHEEDED } from './pytest-run.ts'

/** How many failures of a folder become checks of their own, and how many of its slowest tests are told. */
const MOST_FAILURES = 20
const SLOWEST = 10

interface TestCounts {
  readonly collected: number
  /** Those that had to pass: neither skipped nor expected to fail. */
  readonly ran: number
  readonly passed: number
  /** With those that end in an error. */
  readonly failed: number
  readonly skipped: number
  readonly xfailed: number
}

/** What pytest found in one folder. */
export interface TestSuite {
  /** As mesh.yml names it. */
  readonly folder: string
  /** The version of pytest that ran. */
  readonly pytest: string | undefined
  readonly durationMs: number
  readonly counts: TestCounts
  /** Files are relative to the project. */
  readonly tests: readonly TestResult[]
  readonly slowest: readonly { readonly id: string; readonly durationMs: number }[]
}

export interface TestOptions {
  /** Further arguments for pytest. */
  readonly arguments: readonly string[]
  /** For each folder. */
  readonly timeoutMs: number
  /** The least number of tests that must run, over all folders. */
  readonly minimum?: number | undefined
  /** Why no test can pass; then none is started. */
  readonly absence?: Absence | undefined
}

export interface TestRun {
  readonly checks: readonly Check[]
  /** Of the folders in which pytest was started. */
  readonly suites: readonly TestSuite[]
  /** Of all folders. */
  readonly functions: readonly FunctionResult[]
}

/**
 * Runs the project's own tests: pytest in each folder of `python.tests`, side by side. What fails so is run again alone
 * before it is called red. A check `tests/<folder>` for each, one `tests/<folder>/<test>` for each failure, and with a
 * minimum `number-of-tests`. Where pytest cannot be had they are inconclusive.
 */
export async function runTests(project: Project, places: ToolPlaces, options: TestOptions): Promise<TestRun> {
  const folders = [...new Set(project.config.python.tests.paths.map(normalized))]
  if (folders.length === 0) return { checks: [], suites: [], functions: [] }
  const { absence } = options
  if (absence) {
    return { checks: folders.map((folder) => ({ ...named(folder), ...absence })), suites: [], functions: [] }
  }
  const pytest = await findPytest(await pythonOnPath(places), places)
  if ('failure' in pytest)
    return { checks: folders.map((folder) => untold(folder, pytest.failure)), suites: [], functions: [] }
  const notes = notesOn(pytest, await readLayouts(project), places)

  const { default: pLimit } = await import('p-limit')
  const limit = pLimit(availableParallelism())
  const attempts = await allEnded(
    folders.map((folder) => limit(() => attempt(pytest, project, folder, places, options))),
  )
  const isAlone = folders.length === 1 || availableParallelism() === 1
  const settled: Attempt[] = []
  for (const one of attempts) {
    settled.push(isAlone || !isDoubtful(one) ? one : await again(one, pytest, project, places, options))
  }
  const suites = settled.flatMap(({ suite }) => suite ?? [])
  return {
    checks: [
      ...settled.flatMap((one) => checksOf(project, one, notes)),
      ...minimumCheck(suites, options.minimum),
    ],
    suites,
    functions: settled.flatMap(({ functions }) => functions),
  }
}

function normalized(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '')
}

/** One folder and what came of it. */
interface Attempt {
  readonly folder: string
  readonly suite: TestSuite | undefined
  readonly functions: readonly FunctionResult[]
  readonly fault: Fault | undefined
  /** What became of it before. */
  readonly earlier?: string
}

async function attempt(
  pytest: Pytest,
  project: Project,
  folder: string,
  places: ToolPlaces,
  options: TestOptions,
  suffix = '',
): Promise<Attempt> {
  const found = await stat(project.resolve(folder)).catch(() => undefined)
  if (!found?.isDirectory()) {
    const detail = `there is no folder ${folder}`
    return { folder, suite: undefined, functions: [], fault: { detail, isChance: false } }
  }
  const title = `Run the tests of ${folder}${suffix}`
  const run = await runPytest(pytest, project, folder, places, { ...options, title })
  const fault = faultOf(run)
  const root = await rootOf(run, project.resolve(folder))
  const place = fault?.file === undefined ? {} : { file: resolve(root, fault.file) }
  return {
    folder,
    suite: suiteOf(project, folder, root, run),
    functions: functionResults(project, root, run.progress.results),
    fault: fault && { ...fault, ...place },
  }
}

/** pytest's rootdir, by the path that the project has: pytest tells it without symbolic links. */
async function rootOf({ progress: { rootdir } }: PytestRun, folder: string): Promise<string> {
  return rootdir === undefined ? folder : resolve(folder, relative(await realpath(folder), rootdir))
}

function suiteOf(project: Project, folder: string, root: string, run: PytestRun): TestSuite {
  const tests = (run.tests ?? []).map(({ file, ...test }): TestResult => {
    const path = file === undefined ? undefined : locationIn(project, resolve(root, file)).location?.file
    return path === undefined ? test : { ...test, file: path }
  })
  const number = (...outcomes: readonly TestResult['outcome'][]) =>
    tests.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    folder,
    pytest: run.progress.version,
    durationMs: Math.round(run.outcome.durationMs),
    counts: {
      collected: Math.max(run.progress.collected ?? 0, tests.length),
      ran: tests.length - number('skipped', 'xfailed'),
      passed: number('passed'),
      failed: number('failed', 'error'),
      skipped: number('skipped'),
      xfailed: number('xfailed'),
    },
    tests,
    slowest: [...tests]
      .sort((a, b) => b.durationMs - a.durationMs)
      .slice(0, SLOWEST)
      .map(({ id, durationMs }) => ({ id, durationMs })),
  }
}

/** Whether a run failed in a way for which its neighbours may be to blame. */
function isDoubtful({ suite, fault }: Attempt): boolean {
  return fault ? fault.isChance : failuresOf(suite).length > 0
}

async function again(
  earlier: Attempt,
  pytest: Pytest,
  project: Project,
  places: ToolPlaces,
  options: TestOptions,
): Promise<Attempt> {
  const what = whatFailed(earlier)
  places.log.warn(`${earlier.folder} fails beside the other tests (${what}): it is run again alone`)
  const alone = await attempt(pytest, project, earlier.folder, places, options, ', alone')
  return { ...alone, earlier: what }
}

function whatFailed({ suite, fault }: Attempt): string {
  const [first, ...others] = failuresOf(suite)
  if (fault || !first) return fault?.detail ?? 'nothing'
  return others.length > 0 ? `${first.id} and ${others.length} more` : first.id
}

function failuresOf(suite: TestSuite | undefined): readonly TestResult[] {
  return suite?.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error') ?? []
}

function checksOf(
  project: Project,
  { folder, suite, fault, earlier }: Attempt,
  notes: readonly string[],
): readonly Check[] {
  const check = named(folder)
  const failures = failuresOf(suite)
  const said = [
    ...(earlier === undefined ? [] : [repeated(earlier, fault, failures)]),
    ...(suite === undefined ? [] : notes),
  ]
  if (fault) {
    const detail = [fault.detail, ...said].join('; ')
    const fix = fault.fix === undefined ? {} : { fix: fault.fix }
    return [{ ...check, verdict: 'fail', detail, ...fix, ...locationIn(project, fault.file, fault.line) }]
  }
  if (!suite || failures.length === 0) {
    return [{ ...check, verdict: 'pass', detail: [counted(suite), ...said].join('; ') }]
  }
  const told = failures.slice(0, MOST_FAILURES)
  const more = failures.length > told.length ? `, and ${failures.length - told.length} more` : ''
  const first = `${told[0]?.id}${failures.length > 1 ? ' and others' : ''}`
  const detail = `${failures.length} of ${suite.counts.collected} tests fail: ${first}`
  return [
    {
      ...check,
      verdict: 'fail',
      detail: [detail, ...said].join('; '),
      measured: { value: failures.length, unit: 'count' },
    },
    ...told.map(
      (test, index): Check => ({
        ...missingPlugin(test),
        id: `${check.id}/${test.id}`,
        title: `${test.id} passes`,
        verdict: 'fail',
        detail: `${test.message ?? test.outcome}${index === told.length - 1 ? more : ''}`,
        ...locationIn(project, test.file, test.line),
      }),
    ),
  ]
}

function missingPlugin({ message }: TestResult): Pick<Check, 'fix'> {
  const plugin = message === undefined ? undefined : pluginFor(message)
  return plugin === undefined ? {} : { fix: `install ${plugin} with the project's test requirements` }
}

function repeated(earlier: string, fault: Fault | undefined, failures: readonly TestResult[]): string {
  const isRed = fault !== undefined || failures.length > 0
  return isRed
    ? 'run again alone, it fails as well'
    : `beside the other tests it failed (${earlier}), alone it passes`
}

function counted(suite: TestSuite | undefined): string {
  if (!suite) return 'nothing'
  const { passed, skipped, xfailed } = suite.counts
  return [
    `${passed} passed in ${formatDuration(suite.durationMs)}`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(xfailed > 0 ? [`${xfailed} expected to fail`] : []),
  ].join(', ')
}

function named(folder: string): Pick<Check, 'id' | 'title'> {
  return { id: `tests/${folder}`, title: `The tests of ${folder} pass` }
}

function untold(folder: string, failure: string): Check {
  return {
    ...named(folder),
    verdict: 'inconclusive',
    detail: `the environment has no pytest, and none can be fetched: ${failure}`,
    fix: 'declare pytest, and install it with extra-requirements of setup-mesh-toolchain',
  }
}

/** What is to be known beside the result. */
function notesOn(
  { tools }: Pytest,
  layouts: readonly PackageLayout[],
  places: ToolPlaces,
): readonly string[] {
  const unheeded = UNHEEDED.filter((name) => (places.environment[name] ?? '') !== '')
  for (const name of unheeded)
    places.log.warn(`${name} is set and is not heeded: it changes what pytest does`)
  const declaring = layouts.find(({ pytest }) => pytest !== undefined)
  const declared =
    declaring && `${posix.join(declaring.path, 'pyproject.toml')} declares it in ${declaring.pytest}`
  return [
    ...(tools === undefined
      ? []
      : [`pytest ${PYTHON_TOOLS.pytest.version} was brought in, as the environment has none`]),
    ...(tools === undefined || declared === undefined
      ? []
      : [`${declared}: name it in extra-requirements of setup-mesh-toolchain to use that one`]),
    ...unheeded.map((name) => `${name} was not heeded`),
  ]
}

function minimumCheck(suites: readonly TestSuite[], minimum: number | undefined): readonly Check[] {
  if (minimum === undefined) return []
  const ran = suites.reduce((sum, { counts }) => sum + counts.ran, 0)
  return [
    {
      id: 'number-of-tests',
      title: `At least ${minimum} tests run`,
      verdict: ran >= minimum ? 'pass' : 'fail',
      detail: `${ran} ran, those left out that were skipped or are expected to fail`,
      measured: { value: ran, unit: 'count' },
      limit: { kind: 'at-least', value: minimum, unit: 'count' },
    },
  ]
}
