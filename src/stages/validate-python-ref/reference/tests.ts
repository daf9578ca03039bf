import { realpath, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { posix, relative, resolve } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import type { Absence } from './absence.ts'
import { type FunctionResult, functionResults } from './function-results.ts'
import { pythonOnPath } from './interpreter.ts'
import { readLayouts } from './layout.ts'
import { faultOf, type PytestRun } from './pytest-fault.ts'
import { findPytest, type Pytest, runPytest } from './pytest-run.ts'
import { checksOf, minimumCheck, named, notesOn, untold } from './test-checks.ts'
import { type Attempt, failuresOf, suiteOf, type TestSuite } from './test-suite.ts'

export interface TestOptions {
  /** Further arguments for pytest. */
  readonly arguments: readonly string[]
  /** For each folder. */
  readonly timeoutMs: number
  /** The least number of tests that must run, over all folders. */
  readonly minimum?: number | undefined
  /** Whether another stage is at work beside them. */
  readonly isDisturbed?: boolean
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
 * Runs the project's own tests: pytest in each folder of `python.tests`, side by side. What fails so, or beside another
 * stage, is run again, one folder after the other, before it is called red. A check `tests/<folder>` for each, one
 * `tests/<folder>/<test>` for each failure, and with a minimum `number-of-tests`. Where pytest cannot be had, and with
 * an `absence`, they are inconclusive.
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
  const isAlone = options.isDisturbed !== true && (folders.length === 1 || availableParallelism() === 1)
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
  places.log.warn(`${earlier.folder} fails beside others (${what}): it is run again`)
  const alone = await attempt(pytest, project, earlier.folder, places, options, ', again')
  return { ...alone, earlier: what }
}

function whatFailed({ suite, fault }: Attempt): string {
  const [first, ...others] = failuresOf(suite)
  if (fault || !first) return fault?.detail ?? 'nothing'
  return others.length > 0 ? `${first.id} and ${others.length} more` : first.id
}
