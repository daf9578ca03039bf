import type { StageResult } from '../../../result/stage-result.ts'
import { formatBytes } from '../../../result/units.ts'
import type { Bar } from './bars.ts'

/** The limit that a check of a size held a thing to, as a bar shows it; none where it has none. */
export function sizeLimit({ checks }: StageResult, id: string, bytes: number): Pick<Bar, 'limit' | 'isOver'> {
  const limit = checks.find((check) => check.id === id)?.limit
  if (limit?.unit !== 'bytes') return {}
  return {
    limit: { value: limit.value, numbers: `limit ${formatBytes(limit.value)}` },
    isOver: bytes > limit.value,
  }
}

/** A size, which says itself that it is over its limit: colour alone tells nothing to many. */
export function sizeInWords(bytes: number, isOver: boolean | undefined): string {
  return `${formatBytes(bytes)}${isOver ? ', over' : ''}`
}

export const LIMIT_NOTE = 'The line across a bar is its limit.'
