import type { Check, StageResult } from './stage-result.ts'
import type { Stage } from './stages.ts'
import { overall } from './verdict.ts'

/** What a stage has in hand when its checks are done. */
export interface Findings<D> {
  readonly stage: Stage
  readonly shard?: string | undefined
  readonly attempt: number
  readonly commit: string
  readonly startedAt: Date
  readonly endedAt: Date
  readonly checks: readonly Check[]
  /** Kinds of check (the part of the id before the first slash) that this stage must have answered. */
  readonly required: readonly string[]
  readonly tools: Readonly<Record<string, string>>
  readonly data: D
}

/**
 * Turns checks into the stage's result. A required kind of check that nobody answered is added as
 * `inconclusive`, so that a stage which forgot to look cannot be green.
 */
export function judge<D>(findings: Findings<D>): StageResult<D> {
  const answered = new Set(findings.checks.map(kindOf))
  const unanswered = findings.required
    .filter((kind) => !answered.has(kind))
    .map(
      (kind): Check => ({
        id: kind,
        title: `Required check "${kind}"`,
        verdict: 'inconclusive',
        detail: 'nothing was checked',
      }),
    )
  const checks = [...findings.checks, ...unanswered]
  return {
    schema: 1,
    stage: findings.stage,
    ...(findings.shard === undefined ? {} : { shard: findings.shard }),
    attempt: findings.attempt,
    commit: findings.commit,
    verdict: overall(checks.map((check) => check.verdict)),
    startedAt: findings.startedAt.toISOString(),
    durationMs: Math.max(0, findings.endedAt.getTime() - findings.startedAt.getTime()),
    checks,
    tools: findings.tools,
    data: findings.data,
  }
}

/** The kind of a check: `built` of `built/registry/linux-amd64`. */
export function kindOf(check: Pick<Check, 'id'>): string {
  const slash = check.id.indexOf('/')
  return slash < 0 ? check.id : check.id.slice(0, slash)
}

/** The one line that says why a stage is not green: the first red check, else the first inconclusive one. */
export function cause(result: StageResult): string | undefined {
  const worst = result.checks.filter((check) => check.verdict === result.verdict)
  const first = worst[0]
  if (result.verdict === 'pass' || !first) return undefined
  const more = worst.length > 1 ? ` (and ${worst.length - 1} more)` : ''
  return `${describe(first)}${more}`
}

/** A check in one line: its place, its question, what was found and what would mend it. */
export function describe(check: Check): string {
  const { location } = check
  // A title that names the whole file need not be told where it is.
  const isNamed = location && location.line === undefined && check.title.includes(location.file)
  const place = location && !isNamed ? `${location.file}:${location.line ?? 1}: ` : ''
  const fix = check.fix ? `; ${check.fix}` : ''
  // A detail may quote output of several lines.
  return `${place}${check.title}: ${check.detail ?? check.verdict}${fix}`.replace(/\s*[\r\n]+\s*/g, ' ')
}
