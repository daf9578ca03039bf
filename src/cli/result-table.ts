import type { ConfigurationError } from '../result/configuration-error.ts'
import { describe } from '../result/judge.ts'
import type { StageResult } from '../result/stage-result.ts'
import { formatDuration } from '../result/units.ts'
import { isOpen, overall } from '../result/verdict.ts'

const MOST_CAUSES = 20

/** A stage that a mistake of the user's kept from having a result. */
export interface RefusedStage {
  readonly stage: string
  readonly error: ConfigurationError
}

/**
 * What stages came to: a line for each, then everything that is not green, then the verdict over all. What a stage that
 * was refused would have proven is not proven.
 */
export function resultTable(results: readonly StageResult[], refused: readonly RefusedStage[] = []): string {
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
  causes.push(...refused.map(({ stage, error }) => `error: ${stage}: ${error.oneLine}`))
  return [
    '',
    ...align([...rows, ...refused.map(({ stage }) => [stage, 'error'])]),
    ...(causes.length > 0 ? ['', ...causes] : []),
    '',
    `verdict: ${overall([...results.map(({ verdict }) => verdict), ...refused.map(() => 'inconclusive' as const)])}`,
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
