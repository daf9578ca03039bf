import type { StageResult } from '../result/stage-result.ts'

/** From the first part's start to the last one's end, in milliseconds; undefined without a part. */
export function spanMs(results: readonly StageResult[]): number | undefined {
  if (results.length === 0) return undefined
  const starts = results.map((result) => Date.parse(result.startedAt))
  const ends = results.map((result) => Date.parse(result.startedAt) + result.durationMs)
  return Math.max(...ends) - Math.min(...starts)
}
