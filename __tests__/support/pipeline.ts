import type { Evidence } from '../../src/report/evidence.ts'
import type { JobOutcome } from '../../src/report/needs.ts'
import { JOB_NAMES, type Job, LATER_STAGES, stagesOf } from '../../src/report/pipeline.ts'
import type { Findings } from '../../src/report/report.ts'
import { judge } from '../../src/result/judge.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import { localCommand, type Stage } from '../../src/result/stages.ts'
import type { Verdict } from '../../src/result/verdict.ts'
import { COMMIT } from './stage-context.ts'

/** A result of one check. */
export function stageResult(
  stage: Stage,
  verdict: Verdict = 'pass',
  changes: { shard?: string; attempt?: number; commit?: string; data?: unknown } = {},
): StageResult {
  return judge({
    stage,
    shard: changes.shard,
    attempt: changes.attempt ?? 1,
    commit: changes.commit ?? COMMIT,
    startedAt: new Date('2026-01-01T10:00:00Z'),
    endedAt: new Date('2026-01-01T10:00:05Z'),
    checks: [{ id: 'asked', title: 'it is so', verdict, detail: 'as told' }],
    required: [],
    tools: {},
    data: changes.data ?? {},
  })
}

/** What a stage left that has a result. */
export function evidenceOf(result: StageResult): Evidence {
  return { stage: result.stage, result, fault: undefined, logs: [] }
}

/** A run in which every stage that there is was green, with changes. */
export function greenRun(
  changes: Partial<Omit<Findings, 'needs'>> & {
    readonly needs?: Partial<Record<Job, Partial<JobOutcome>>>
  } = {},
): Findings {
  const stages = JOB_NAMES.flatMap(stagesOf).filter((stage) => !LATER_STAGES.includes(stage))
  return {
    project: 'org/mesh',
    commit: COMMIT,
    attempt: 1,
    evidence: stages.map((stage) => evidenceOf(stageResult(stage))),
    setups: new Map(),
    forgivesInconclusive: false,
    leftOut: [],
    refused: new Map(),
    local: (stage) => localCommand(stage).join(' '),
    before: new Map(),
    ...changes,
    needs: new Map(
      JOB_NAMES.map((job) => {
        const isLater = stagesOf(job).every((stage) => LATER_STAGES.includes(stage))
        const usual: JobOutcome = { result: isLater ? 'skipped' : 'success', attempt: 1, cause: undefined }
        return [job, { ...usual, ...changes.needs?.[job] }]
      }),
    ),
  }
}
