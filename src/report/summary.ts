import { describe } from '../result/judge.ts'
import { escapeMarkdown, fold, runLocally, SIGNS, table } from '../result/markdown.ts'
import { formatDuration, formatQuantity } from '../result/units.ts'
import { isOpen } from '../result/verdict.ts'
import { changeInWords } from './change.ts'
import { gantt } from './gantt.ts'
import type { Figure, PipelineReport, StageReport } from './model.ts'
import { spanMs } from './span.ts'

/** GitHub takes a summary of 1 MiB for a step; beyond that it takes none of it. */
const MOST_BYTES = 1024 * 1024 - 16 * 1024
const MOST_REDS = 200
const LONGEST_LINE = 2_000

/** What it says in the place of what had no room. */
const CUT = '_What follows had no room here; the report has it._\n'

/**
 * The pipeline's summary: the verdict in one sentence, a line for each stage, the reds with their causes and the way
 * to run them in a terminal, the course of the jobs, the figures. What matters less comes later and is cut first.
 */
export function pipelineSummary(report: PipelineReport): string {
  const sections = [
    `## ${SIGNS[report.verdict]} ${short(report.sentence)}`,
    stageTable(report.stages),
    ...report.stages.filter(({ verdict }) => isOpen(verdict)).map(redSection),
    gantt(report),
    figureTable(report.figures),
  ].filter((section) => section !== '')
  return `${fitting(sections).join('\n\n')}\n`
}

/** As many sections as there is room for, from the first one on. */
function fitting(sections: readonly string[]): readonly string[] {
  const kept: string[] = []
  let bytes = CUT.length
  for (const section of sections) {
    bytes += Buffer.byteLength(section) + 2
    if (bytes > MOST_BYTES) return [...kept, CUT]
    kept.push(section)
  }
  return kept
}

function stageTable(stages: readonly StageReport[]): string {
  return table(
    ['', 'stage', 'checks', 'time', 'what matters'],
    stages.map(({ stage, verdict, cause, results }) => {
      const checks = results.flatMap((result) => result.checks).filter((check) => check.verdict !== 'skipped')
      const ms = spanMs(results)
      return [
        SIGNS[verdict],
        stage,
        results.length > 0 ? String(checks.length) : '',
        ms === undefined ? '' : formatDuration(ms),
        short(cause ?? ''),
      ]
    }),
  )
}

function redSection({ stage, cause, results, local }: StageReport): string {
  const checks = results.flatMap((result) => result.checks).filter((check) => isOpen(check.verdict))
  const shown = checks.slice(0, MOST_REDS)
  const lines =
    shown.length > 0
      ? shown.map((check) => `- ${SIGNS[check.verdict]} ${short(describe(check))}`)
      : [`- ${short(cause ?? '')}`]
  if (checks.length > shown.length) lines.push(`- and ${checks.length - shown.length} more`)
  return [`### ${stage}`, lines.join('\n'), runLocally(local)].join('\n\n')
}

function figureTable(figures: readonly Figure[]): string {
  if (figures.length === 0) return ''
  const rows = figures.map(({ title, measured, before }) => [
    escapeMarkdown(title),
    formatQuantity(measured),
    before === undefined ? '' : changeInWords(measured, before),
  ])
  return fold('Sizes and times', table(['', 'now', 'since the default branch'], rows))
}

function short(text: string): string {
  return escapeMarkdown(text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text)
}
