import type { Check } from '../../../result/stage-result.ts'
import { formatBytes } from '../../../result/units.ts'
import { notWorthIt, type Restored } from './restore.ts'

const HIT_IN_WORDS: Readonly<Record<Restored['hit'], string>> = {
  exact: 'this very one',
  prefix: 'one of an older run',
  none: 'there is none yet',
  present: 'it is on this machine already',
  failed: 'it did not',
}

/** Caches only save time: what became of them is told, and decides nothing. */
export function cacheCheck(restored: Restored): Check {
  const { name, hit, durationMs, bytes, cause } = restored
  const size = bytes === undefined ? '' : `, ${formatBytes(bytes)}`
  return {
    id: `caches/${name}`,
    title: `the cache of ${name} came back`,
    verdict: 'skipped',
    detail: [`${cause ?? HIT_IN_WORDS[hit]}${size}`, notWorthIt(restored) ?? []].flat().join('; '),
    measured: { value: durationMs, unit: 'ms' },
  }
}
