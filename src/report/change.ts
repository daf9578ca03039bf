import type { Quantity } from '../result/stage-result.ts'
import { formatQuantity } from '../result/units.ts'

/** `+1.2 MiB (+3.4 %)`. */
export function changeInWords({ value, unit }: Quantity, before: number): string {
  const change = value - before
  if (change === 0) return 'none'
  const sign = change > 0 ? '+' : '−'
  const percent = before > 0 ? ` (${sign}${((Math.abs(change) / before) * 100).toFixed(1)} %)` : ''
  return `${sign}${formatQuantity({ value: Math.abs(change), unit })}${percent}`
}
