import { posix } from 'node:path'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { formatDuration } from '../../../result/units.ts'
import { PYTHON_TOOLS } from '../../../toolchain/python-tools-release.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import type { TestResult } from './junit.ts'
import type { PackageLayout } from './layout.ts'
import { locationIn } from './place.ts'
import type { Fault } from './pytest-fault.ts'
import { pluginFor } from './pytest-plugins.ts'
import { type Pytest, UNHEEDED } from './pytest-run.ts'
import { type Attempt, failuresOf, type TestSuite } from './test-suite.ts'

/** How many failures of a folder become checks of their own. */
const MOST_FAILURES = 20

/** What the tests of one folder come to: a check for the folder, and one for each of its first failures. */
export function checksOf(
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
  return isRed ? 'run again, it fails as well' : `beside others it failed (${earlier}), run again it passes`
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

/** The check of a folder, before it has a verdict. */
export function named(folder: string): Pick<Check, 'id' | 'title'> {
  return { id: `tests/${folder}`, title: `The tests of ${folder} pass` }
}

/** The check of a folder whose tests no pytest could run. */
export function untold(folder: string, failure: string): Check {
  return {
    ...named(folder),
    verdict: 'inconclusive',
    detail: `the environment has no pytest, and none can be fetched: ${failure}`,
    fix: 'declare pytest, and install it with extra-requirements of setup-mesh-toolchain',
  }
}

/** What is to be known beside the result. */
export function notesOn(
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

/** Whether as many tests ran as are asked for, over all folders; nothing where no number is. */
export function minimumCheck(suites: readonly TestSuite[], minimum: number | undefined): readonly Check[] {
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
