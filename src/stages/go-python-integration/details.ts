import type { Fault } from '../../mesh/fault.ts'
import { codeBlock, escapeMarkdown, fold, table } from '../../result/markdown.ts'
import { formatDuration } from '../../result/units.ts'
import type { GoTest } from './go-tests.ts'
import type { IntegrationData } from './index.ts'

const MOST_SERVICES = 20
/** The names of subtests may be of any length. */
const MOST_CHARACTERS = 200

/** What each service at fault said last, folded, and the slowest Go tests, as Markdown. */
export function integrationDetails({
  faults,
  slowestGoTests,
}: Pick<IntegrationData, 'faults' | 'slowestGoTests'>): string {
  return [...lastLines(faults), ...slowestTable(slowestGoTests)].join('\n\n')
}

function lastLines(faults: readonly Fault[]): readonly string[] {
  const left = faults.length - MOST_SERVICES
  return [
    ...faults
      .slice(0, MOST_SERVICES)
      .map(({ service, lines }) =>
        fold(`The last lines of ${service}`, lines.length > 0 ? codeBlock(lines) : 'It printed nothing.'),
      ),
    ...(left > 0 ? [`and ${left} more services; their lines are in the log`] : []),
  ]
}

function slowestTable(tests: readonly GoTest[]): readonly string[] {
  if (tests.length === 0) return []
  const rows = tests.map(({ id, outcome, durationMs }) => [
    escapeMarkdown(id.length > MOST_CHARACTERS ? `${id.slice(0, MOST_CHARACTERS)}…` : id),
    outcome,
    formatDuration(durationMs),
  ])
  return [table(['slowest Go tests', '', 'time'], rows)]
}
