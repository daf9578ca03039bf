import type { Check } from '../result/stage-result.ts'
import { formatQuantity } from '../result/units.ts'

/** What a check measured and was held to: `measured 12.0 MiB, limit at most 10.0 MiB`; undefined of one that measured nothing. */
export function measuredInWords({ measured, limit }: Check): string | undefined {
  if (!measured) return undefined
  if (!limit) return `measured ${formatQuantity(measured)}`
  const kind = limit.kind === 'at-most' ? 'at most' : 'at least'
  return `measured ${formatQuantity(measured)}, limit ${kind} ${formatQuantity(limit)}`
}
