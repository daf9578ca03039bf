import type { PipelineReport } from './model.ts'

/** When each stage ran, as a Mermaid chart; empty where nothing did. Its words are the suite's own names alone. */
export function gantt({ stages }: PipelineReport): string {
  const rows = stages.flatMap(({ stage, job, results }) =>
    results.map((result) => ({ stage, section: job ?? stage, result })),
  )
  if (rows.length === 0) return ''
  const sections = [...new Set(rows.map(({ section }) => section))]
  const lines = sections.flatMap((section) => [
    `  section ${section}`,
    ...rows
      .filter((row) => row.section === section)
      .map(({ stage, result }) => {
        const start = Date.parse(result.startedAt)
        const part = result.shard === undefined ? '' : ` ${result.shard}`
        // A bar of no length is not drawn.
        const end = start + Math.max(1, Math.round(result.durationMs))
        return `  ${stage}${part} :${result.verdict === 'pass' ? 'done' : 'crit'}, ${start}, ${end}`
      }),
  ])
  return ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M:%S', ...lines, '```'].join('\n')
}
