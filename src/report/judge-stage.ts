import { cause } from '../result/judge.ts'
import type { StageResult } from '../result/stage-result.ts'
import type { Stage } from '../result/stages.ts'
import { overall, type Verdict } from '../result/verdict.ts'
import type { Evidence } from './evidence.ts'
import type { StageReport } from './model.ts'
import type { JobOutcome } from './needs.ts'
import type { Job } from './pipeline.ts'

/** A stage of the pipeline with all that is known of it. */
export interface StageCase {
  readonly stage: Stage
  readonly job: Job
  readonly outcome: JobOutcome
  readonly evidence: readonly Evidence[]
  /** Of the commit under test: a result of another one proves nothing. */
  readonly commit: string
  /** What the toolchain of its job was red for. */
  readonly setupCause: string | undefined
  /** A job before it that did not end well. */
  readonly redBefore: Job | undefined
}

type Judgement = Pick<StageReport, 'verdict' | 'cause'>

/**
 * Holds how a job ended against the evidence that it left. Green takes both: a job that ended well, and every part of
 * a result that is whole, of this commit and of the attempt in which the job ran.
 */
export function judgeStage(subject: StageCase): Judgement {
  const { stage, job, outcome, evidence, setupCause, redBefore } = subject
  if (outcome.result === 'skipped') {
    return redBefore === undefined
      ? red(`${job} never ran, though nothing before it was red`)
      : { verdict: 'skipped', cause: `not run: ${redBefore} did not end well` }
  }
  if (outcome.result === 'cancelled') return red(`${job} was cancelled`)
  const fault = evidence.find((one) => one.fault !== undefined)
  if (fault) return red(`what ${job} left cannot be believed: ${fault.fault}`)
  const results = partsOf(evidence)
  if (results.length === 0) {
    if (outcome.result === 'success') return red(`${job} ended well, but left no result of ${stage}`)
    const why = setupCause === undefined ? 'its log says why' : setupCause
    return red(`${job} failed before it had a result: ${why}`)
  }
  const doubt = foreignIn(results, subject.commit) ?? missingIn(results) ?? staleIn(results, outcome)
  if (doubt !== undefined) return red(doubt)
  return verdictOf(results)
}

function verdictOf(results: readonly StageResult[]): Judgement {
  const verdict = overall(results.map((result) => result.verdict))
  const worst = results.find((result) => result.verdict === verdict)
  return { verdict, cause: worst && cause(worst) }
}

/** Judges what a stage left where there are no jobs: a result of another commit proves nothing of this one. */
export function judgeAlone(evidence: readonly Evidence[], commit: string): Judgement {
  const fault = evidence.find((one) => one.fault !== undefined)
  if (fault) return red(`its result cannot be believed: ${fault.fault}`)
  const results = partsOf(evidence)
  const foreign = foreignIn(results, commit)
  if (foreign !== undefined) return { verdict: 'inconclusive', cause: foreign }
  return verdictOf(results)
}

/** The results of a stage's parts, in their order. */
export function partsOf(evidence: readonly Evidence[]): readonly StageResult[] {
  return evidence
    .flatMap(({ result }) => (result ? [result] : []))
    .sort((one, other) => indexOf(one) - indexOf(other))
}

function red(why: string): { readonly verdict: Verdict; readonly cause: string } {
  return { verdict: 'fail', cause: why }
}

function indexOf({ shard }: StageResult): number {
  return Number(shard?.split('/')[0] ?? 0)
}

function foreignIn(results: readonly StageResult[], commit: string): string | undefined {
  const foreign = results.find((result) => result.commit !== commit)
  return foreign && `its result is of commit ${foreign.commit}, not of ${commit}`
}

/** Which parts are not there. */
function missingIn(results: readonly StageResult[]): string | undefined {
  const shards = results.map(({ shard }) => shard ?? '1/1')
  const totals = [...new Set(shards.map((shard) => shard.split('/')[1]))]
  const total = Number(totals[0])
  const twice = shards.find((shard, at) => shards.indexOf(shard) !== at)
  if (totals.length > 1) return `its parts are of different wholes: ${shards.join(', ')}`
  if (twice !== undefined) return `there are two results of part ${twice}`
  const missing = Array.from({ length: total }, (_, at) => `${at + 1}/${total}`).filter(
    (shard) => !shards.includes(shard),
  )
  return missing.length > 0 ? `part ${missing.join(', ')} left no result` : undefined
}

/**
 * A job that is run again leaves a result of that attempt; one that is not keeps its earlier one. Of a job of several
 * parts some may have run again alone, so the newest result is what counts.
 */
function staleIn(results: readonly StageResult[], { attempt }: JobOutcome): string | undefined {
  const newest = Math.max(...results.map((result) => result.attempt))
  if (attempt === undefined || newest >= attempt) return undefined
  return `its result is of attempt ${newest}, but the job ran again in attempt ${attempt}`
}
