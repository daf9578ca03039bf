import { formatDuration } from '../../../result/units.ts'
import type { PipelineReport } from '../../model.ts'
import { type Bar, drawBars } from './bars.ts'
import type { Plot } from './plot.ts'

/** How long each stage ran, a bar for each of its parts, in the order in which they run. */
export function stageTimes({ stages }: PipelineReport): Plot | undefined {
  const parts = stages.flatMap(({ stage, results }) =>
    results.map(({ shard, durationMs }) => ({
      name: shard === undefined ? stage : `${stage} ${shard}`,
      durationMs,
    })),
  )
  const longest = parts.toSorted((one, other) => other.durationMs - one.durationMs)[0]
  if (!longest) return undefined
  const bars = parts.map(({ name, durationMs }): Bar => {
    const total = formatDuration(durationMs)
    return { name, total, segments: [{ value: durationMs, numbers: `${name}: ${total}` }] }
  })
  return {
    id: 'stage-times',
    title: 'Time by stage',
    inWords: `Bars of ${parts.length} stages or parts of stages; the longest is ${longest.name} with ${formatDuration(longest.durationMs)}. The numbers stand in the table below.`,
    draw: (page) => drawBars(bars, page),
    table: {
      caption: 'Time by stage',
      head: ['stage', 'time'],
      rows: parts.map(({ name, durationMs }) => [name, formatDuration(durationMs)]),
      numbers: [1],
    },
  }
}
