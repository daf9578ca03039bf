import type { Check } from '../../result/stage-result.ts'
import type { Baseline } from './guard/baseline-file.ts'
import { isWithin } from './guard/compare.ts'
import type { Exceptions } from './guard/exceptions.ts'
import { compareSurface } from './reference/compare-surface.ts'
import type { SurfaceName } from './reference/surface.ts'
import type { TestSuite } from './reference/tests.ts'

/** Holds the public names against those of the baselines. What is lost with a file that may change is told, not red. */
export function keptSurface(
  read: { readonly names: readonly SurfaceName[] } | { readonly failure: string },
  baselines: readonly Baseline[],
  exceptions: Exceptions,
): { readonly checks: readonly Check[]; readonly added: readonly string[] } {
  const check = { id: 'surface', title: 'The public names are those of the baseline' }
  if ('failure' in read) {
    return { checks: [{ ...check, verdict: 'inconclusive', detail: read.failure }], added: [] }
  }
  if (baselines.length === 0) {
    return { checks: [{ ...check, verdict: 'inconclusive', detail: 'there is no baseline' }], added: [] }
  }
  const before = [...new Set(baselines.flatMap(({ surface }) => surface))]
  const { checks, added } = compareSurface(before, read.names)
  const files = baselines.flatMap((one) => one.files.map(({ path }) => path))
  const judged = checks.map((one): Check => {
    if (one.verdict !== 'fail') return one
    const home = homeOf(one.id.slice('surface/'.length), files)
    const places = [home, one.location?.file].filter((place) => place !== undefined)
    const isAgreed = places.some((place) =>
      exceptions.excuse(place, 'modified', 'deleted', 'moved', 'emptied'),
    )
    return isAgreed ? { ...one, verdict: 'skipped', detail: `${one.detail}, as was agreed on` } : one
  })
  return { checks: judged.every(({ verdict }) => verdict === 'skipped') ? [agreed(judged)] : judged, added }
}

/** Every loss was agreed on: the names as such are held. */
function agreed(losses: readonly Check[]): Check {
  const names = losses.map(({ id }) => id.slice('surface/'.length)).join(', ')
  return {
    id: 'surface',
    title: 'The public names are those of the baseline',
    verdict: 'pass',
    detail: `but for what was agreed on: ${names}`,
  }
}

/** The file of the baseline in which a name stood: of mesh.legacy.call the one that ends in mesh/legacy.py. */
function homeOf(name: string, files: readonly string[]): string | undefined {
  const parts = name.split('.')
  for (let length = parts.length; length > 0; length--) {
    const path = parts.slice(0, length).join('/')
    const home = files.find((file) => file.endsWith(`/${path}.py`) || file.endsWith(`/${path}/__init__.py`))
    if (home !== undefined) return home
  }
  return undefined
}

/** Holds the number of tests that ran in each folder against the most that a baseline has. */
export function enoughTests(
  suites: readonly TestSuite[],
  checks: readonly Check[],
  baselines: readonly Baseline[],
  exceptions: Exceptions,
): readonly Check[] {
  const folders = new Set(baselines.flatMap(({ testsRun }) => [...testsRun.keys()]))
  return [...folders].map((folder): Check => {
    const check = { id: `tests-run/${folder}`, title: `as many tests run in ${folder} as the baseline has` }
    const suite = suites.find((one) => one.folder === folder)
    const told = checks.find(({ id }) => id === `tests/${folder}`)
    if (!suite && told) return { ...check, verdict: 'skipped', detail: 'they did not run' }
    const least = Math.max(...baselines.map(({ testsRun }) => testsRun.get(folder) ?? 0))
    const ran = suite?.counts.ran ?? 0
    const figures = {
      measured: { value: ran, unit: 'count' },
      limit: { kind: 'at-least', value: least, unit: 'count' },
    } as const
    if (ran >= least) return { ...check, verdict: 'pass', detail: `${ran}`, ...figures }
    const skipped = suite?.counts.skipped ? `, ${suite.counts.skipped} are skipped` : ''
    const detail = suite ? `${ran} of ${least} ran${skipped}` : 'python.tests does not have it any more'
    const testFiles = baselines.flatMap((one) => one.tests.map(({ id }) => id.slice(0, id.indexOf('::'))))
    const isAgreed = [folder, ...new Set(testFiles)]
      .filter((path) => isWithin(path, folder))
      .map((path) => exceptions.excuse(path, 'tests', 'deleted', 'moved'))
      .some((covered) => covered)
    if (isAgreed) return { ...check, verdict: 'pass', detail: `${detail}, as was agreed on`, ...figures }
    const fix = 'bring them back, or agree on it: preserve.exceptions with change: tests'
    return { ...check, verdict: 'fail', detail, fix, ...figures }
  })
}
