import { posix } from 'node:path'
import type { Check } from '../../result/stage-result.ts'
import type { Baseline } from './guard/baseline-file.ts'
import { isWithin } from './guard/compare.ts'
import type { Exceptions } from './guard/exceptions.ts'
import { compareSurface, type SurfaceComparison } from './reference/compare-surface.ts'
import { parseSignature } from './reference/signature.ts'
import type { SurfaceName } from './reference/surface.ts'

/** Holds the public names against those of the baselines. What is lost with a file that may change is told, not red. */
export function keptSurface(
  read: { readonly names: readonly SurfaceName[] } | { readonly failure: string },
  baselines: readonly Baseline[],
  exceptions: Exceptions,
): SurfaceComparison {
  const check = { id: 'surface', title: 'The public names are those of the baseline' }
  if ('failure' in read) {
    return { checks: [{ ...check, verdict: 'inconclusive', detail: read.failure }], added: [], changed: [] }
  }
  if (baselines.length === 0) {
    return {
      checks: [{ ...check, verdict: 'inconclusive', detail: 'there is no baseline' }],
      added: [],
      changed: [],
    }
  }
  const before = [...new Set(baselines.flatMap(({ surface }) => surface))]
  const { checks, added, changed } = compareSurface(before, read.names)
  const files = baselines.flatMap((one) => one.files.map(({ path }) => path))
  const judged = checks.map((one): Check => {
    if (one.verdict !== 'fail') return one
    const name = one.id.slice('surface/'.length)
    const places = [...homesOf(name, before, files), one.location?.file].filter(
      (place) => place !== undefined,
    )
    const isAgreed = places.some((place) =>
      exceptions.excuse(place, 'modified', 'deleted', 'moved', 'emptied'),
    )
    return isAgreed ? { ...one, verdict: 'skipped', detail: `${one.detail}, as was agreed on` } : one
  })
  const isHeld = judged.every(({ verdict }) => verdict === 'skipped')
  return { checks: isHeld ? [agreed(judged)] : judged, added, changed }
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

/** The files of the baseline in which a name stood: of a command the pyproject.toml beside what it called. */
function homesOf(
  name: string,
  before: readonly string[],
  files: readonly string[],
): readonly (string | undefined)[] {
  const targets = before.flatMap((line) => {
    const signature = parseSignature(line)
    return signature?.name === name ? (signature.target?.split(':', 1) ?? []) : []
  })
  if (targets.length === 0) return [homeOf(name, files)]
  const homes = targets.map((target) => homeOf(target, files))
  return files.filter(
    (file) =>
      posix.basename(file) === 'pyproject.toml' &&
      homes.some((home) => home !== undefined && isWithin(home, posix.dirname(file))),
  )
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
