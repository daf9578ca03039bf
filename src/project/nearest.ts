import { closest, distance } from 'fastest-levenshtein'

/** The candidate that was most likely meant, or undefined when none is close. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined
  const best = closest(written, [...candidates])
  return distance(written, best) <= Math.max(1, Math.floor(written.length / 3)) ? best : undefined
}
