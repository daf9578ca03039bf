import { STAGES, type Stage } from '../result/stages.ts'
import { formatDuration } from '../result/units.ts'
import { overall } from '../result/verdict.ts'
import type { Evidence } from './evidence.ts'
import { figuresOf } from './figures.ts'
import { judgeAlone, judgeStage, partsOf, type SetupCause } from './judge-stage.ts'
import type { PipelineReport, StageReport } from './model.ts'
import type { JobOutcome } from './needs.ts'
import { JOB_NAMES, type Job, jobsBefore, LATER_STAGES, stagesOf } from './pipeline.ts'
import { spanMs } from './span.ts'

/** What is known of a run when all of it is over. */
export interface Findings {
  readonly project: string
  readonly commit: string
  readonly attempt: number
  /** How each job of the pipeline ended; undefined in a terminal, where there are none. */
  readonly needs: ReadonlyMap<Job, JobOutcome> | undefined
  readonly evidence: readonly Evidence[]
  /** Why the toolchain of a job is not green. */
  readonly setups: ReadonlyMap<Job, SetupCause>
  /** Whether jobs let pass what could not be proven. */
  readonly forgivesInconclusive: boolean
  /** What the pipeline was asked to leave out. */
  readonly leftOut: readonly Stage[]
  /** In a terminal, why a mistake of the user's kept a stage from having a result, in one line, by the stage's name. */
  readonly refused: ReadonlyMap<string, string>
  /** The command that runs a stage in a terminal on the project that was asked of. */
  readonly local: (stage: Stage) => string
  /** Figures of the last run of the default branch on another commit, by their id. */
  readonly before: ReadonlyMap<string, number>
}

/** Holds everything that was found against what should have run. */
export function pipelineReport(findings: Findings): PipelineReport {
  const { project, commit, attempt, needs, leftOut, before } = findings
  const stages = needs ? ofPipeline(findings, needs) : ofTerminal(findings)
  const found = overall(stages.map((stage) => stage.verdict))
  // Of a pipeline in which nothing ran there is nothing to forgive.
  const verdict = needs && stages.every((stage) => stage.verdict === 'skipped') ? 'fail' : found
  return {
    schema: 1,
    project,
    commit,
    attempt,
    verdict,
    leftOut,
    sentence: sentenceOf(verdict, stages, leftOut),
    jobs: needs ? [...needs].map(([name, { result }]) => ({ name, result })) : [],
    stages,
    figures: figuresOf(
      stages.flatMap(({ results }) => results),
      before,
    ),
  }
}

function ofPipeline(findings: Findings, needs: ReadonlyMap<Job, JobOutcome>): readonly StageReport[] {
  return JOB_NAMES.flatMap((job) => {
    const outcome = needs.get(job) ?? { result: 'skipped', attempt: undefined, cause: undefined }
    const reports = stagesOf(job).map((stage) => ofStage(stage, job, outcome, findings, needs))
    if (outcome.result === 'success' || outcome.result === 'skipped') return reports
    const explains = ({ verdict }: StageReport) =>
      verdict === 'fail' || (verdict === 'inconclusive' && !findings.forgivesInconclusive)
    if (reports.some(explains)) return reports
    // A job may end badly after its stages did well, as when an artifact could not be uploaded.
    const why = outcome.cause ?? 'its log says why'
    const cause = `${job} ended as ${outcome.result}, though none of its checks is red: ${why}`
    const asked = reports.filter(({ stage }) => !isLeftOut(stage, findings))
    const blamed = new Set(asked.length > 0 ? asked : reports)
    return reports.map((report) =>
      blamed.has(report) ? { ...report, verdict: 'fail' as const, cause } : report,
    )
  })
}

function isLeftOut(stage: Stage, { leftOut }: Findings): boolean {
  return LATER_STAGES.includes(stage) || leftOut.includes(stage)
}

function ofStage(
  stage: Stage,
  job: Job,
  outcome: JobOutcome,
  findings: Findings,
  needs: ReadonlyMap<Job, JobOutcome>,
): StageReport {
  const { leftOut, commit, setups } = findings
  const own = ownOf(stage, findings)
  const base = reportOf(stage, job, findings)
  if (LATER_STAGES.includes(stage)) return { ...base, verdict: 'skipped', cause: 'not part of this version' }
  if (leftOut.includes(stage)) return { ...base, verdict: 'skipped', cause: 'left out on request' }
  return {
    ...base,
    ...judgeStage({
      stage,
      job,
      outcome,
      evidence: own,
      commit,
      setup: setups.get(job),
      redBefore: jobsBefore(job).find((one) => isBad(needs.get(one))),
    }),
  }
}

function isBad(outcome: JobOutcome | undefined): boolean {
  return outcome?.result === 'failure' || outcome?.result === 'cancelled'
}

/** In a terminal a report is about what there is, and about what was asked for and could not be had. */
function ofTerminal(findings: Findings): readonly StageReport[] {
  const { evidence, commit, refused } = findings
  return STAGES.filter((stage) => refused.has(stage) || evidence.some((one) => one.stage === stage)).map(
    (stage) => {
      const base = reportOf(stage, undefined, findings)
      const why = refused.get(stage)
      if (why === undefined) return { ...base, ...judgeAlone(ownOf(stage, findings), commit) }
      // What lies there of it is of an earlier run.
      const cause = `it ended before it had a result: ${why}`
      return { ...base, verdict: 'inconclusive', cause, results: [], logs: [] }
    },
  )
}

function ownOf(stage: Stage, { evidence }: Findings): readonly Evidence[] {
  return evidence.filter((one) => one.stage === stage)
}

function reportOf(stage: Stage, job: Job | undefined, findings: Findings) {
  const own = ownOf(stage, findings)
  return {
    stage,
    job,
    results: partsOf(own),
    logs: own.flatMap(({ logs }) => logs),
    local: findings.local(stage),
  }
}

function sentenceOf(
  verdict: PipelineReport['verdict'],
  stages: readonly StageReport[],
  leftOut: readonly Stage[],
): string {
  const without =
    leftOut.length > 0
      ? ` It is partial: ${leftOut.join(', ')} ${leftOut.length > 1 ? 'were' : 'was'} left out.`
      : ''
  const worst = stages.filter((stage) => stage.verdict === verdict)
  const [first] = worst
  const more = worst.length > 1 ? ` (and ${worst.length - 1} more)` : ''
  switch (verdict) {
    case 'pass':
      return `Everything that was asked is proven: ${countedChecks(worst)}.${without}`
    case 'fail':
      return first
        ? `${first.stage} is red: ${first.cause}${more}.${without}`
        : `Nothing was proven: no stage ran.${without}`
    case 'inconclusive':
      return first
        ? `${first.stage} could not be proven: ${first.cause}${more}.${without}`
        : `Nothing was proven: no stage ran.${without}`
    default:
      return verdict satisfies never
  }
}

function countedChecks(stages: readonly StageReport[]): string {
  const results = stages.flatMap(({ results: some }) => some)
  const asked = results.flatMap(({ checks }) => checks).filter((check) => check.verdict !== 'skipped')
  const names = stages.length === 1 ? '1 stage' : `${stages.length} stages`
  return `${asked.length} checks in ${names}, ${formatDuration(spanMs(results) ?? 0)}`
}
