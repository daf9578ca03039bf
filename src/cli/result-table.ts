import { describe } from '../result/judge.ts'
import type { StageResult } from '../result/stage-result.ts'
import { formatDuration } from '../result/units.ts'
import { isOpen, overall } from '../result/verdict.ts'

const MOST_CAUSES = 20

/** What stages came to: a line for each, then everything that is not green, then the verdict over all. */
export function resultTable(results: readonly StageResult[]): string {
  const rows = results.map((result) => {
    const asked = result.checks.filter((check) => check.verdict !== 'skipped')
    const passed = asked.filter((check) => check.verdict === 'pass').length
    return [
      result.stage,
      result.verdict,
      `${passed} of ${asked.length} checks`,
      formatDuration(result.durationMs),
    ]
  })
  const open = results.flatMap((result) => result.checks.filter((check) => isOpen(check.verdict)))
  const causes = open.slice(0, MOST_CAUSES).map((check) => `${check.verdict}: ${describe(check)}`)
  if (open.length > MOST_CAUSES) causes.push(`and ${open.length - MOST_CAUSES} more`)
  return [
    '',
    ...align(rows),
    ...(causes.length > 0 ? ['', ...causes] : []),
    '',
    `verdict: ${overall(results.map((result) => result.verdict))}`,
  ].join('\n')
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
