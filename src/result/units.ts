import type { Bound, Quantity } from './stage-result.ts'

const BINARY_PREFIXES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** A size as people read it: 999 B, 1.5 KiB, 12.3 MiB. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes)
  let prefix = 0
  const rounded = () => value.toFixed(prefix === 0 ? 0 : 1)
  while (Number(rounded()) >= 1024 && prefix < BINARY_PREFIXES.length - 1) {
    value /= 1024
    prefix++
  }
  return `${bytes < 0 ? '-' : ''}${rounded()} ${BINARY_PREFIXES[prefix]}`
}

/** A span of time as people read it: 12 ms, 1.2 s, 3 min 20 s. */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`
  const tenths = Math.round(ms / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const rest = seconds % 60
  return `${Math.floor(seconds / 60)} min${rest ? ` ${rest} s` : ''}`
}

/** A measured figure as people read it. */
export function formatQuantity({ value, unit }: Quantity): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'ms':
      return formatDuration(value)
    case 'ratio':
      return `${Number(value.toPrecision(3))} times`
    case 'per-second':
      return `${Math.round(value)}/s`
    case 'count':
      return String(value)
    default:
      return unit satisfies never
  }
}

/** Whether a figure keeps to its limit. Throws when the two are in different units, which is a bug. */
export function within(measured: Quantity, limit: Bound): boolean {
  if (measured.unit !== limit.unit) throw new TypeError(`cannot hold ${measured.unit} against ${limit.unit}`)
  return limit.kind === 'at-most' ? measured.value <= limit.value : measured.value >= limit.value
}
