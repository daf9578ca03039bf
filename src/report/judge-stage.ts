import { cause } from '../result/judge.ts'
import { faultOfParts, type Shard } from '../result/shard.ts'
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
  /** Why the toolchain of its job is not green, with the attempt in which it was looked for. */
  readonly setup: SetupCause | undefined
  /** A job before it that did not end well. */
  readonly redBefore: Job | undefined
}

/** Why the toolchain of a job is not green. */
export interface SetupCause {
  readonly why: string
  /** The attempt of the run that it is of. */
  readonly attempt: number
}

type Judgement = Pick<StageReport, 'verdict' | 'cause'>

/**
 * Holds how a job ended against the evidence that it left. Green takes both: a job that ended well, and every part of
 * a result that is whole, of this commit and of the attempt in which the job ran.
 */
export function judgeStage(subject: StageCase): Judgement {
  const { stage, job, outcome, evidence, redBefore } = subject
  if (outcome.result === 'skipped') {
    return redBefore === undefined
      ? red(`${job} never ran, though nothing before it was red`)
      : { verdict: 'skipped', cause: `not run: ${redBefore} did not end well` }
  }
  // The runner does not tell one from the other.
  if (outcome.result === 'cancelled') return red(`${job} was cancelled, or ran out of its time`)
  const fault = evidence.find((one) => one.fault !== undefined)
  if (fault) return red(`what ${job} left cannot be believed: ${fault.fault}`)
  const all = partsOf(evidence)
  // What a job left in an earlier attempt says nothing of why it failed in this one.
  const results = outcome.result === 'failure' ? all.filter((one) => !isOlder(one, outcome)) : all
  const setup = subject.setup && !isOlder(subject.setup, outcome) ? subject.setup : undefined
  if (results.length === 0) {
    if (outcome.result === 'success') return red(`${job} ended well, but left no result of ${stage}`)
    return red(`${job} failed before it had a result: ${setup?.why ?? outcome.cause ?? 'its log says why'}`)
  }
  const doubt =
    foreignIn(results, subject.commit) ?? faultOfParts(results.map(partIn)) ?? staleIn(results, outcome)
  if (doubt !== undefined) return red(doubt)
  const judged = verdictOf(results)
  // What was proven with a toolchain that is in doubt is in doubt.
  if (judged.verdict === 'pass' && setup) return { verdict: 'inconclusive', cause: setup.why }
  return judged
}

function verdictOf(results: readonly StageResult[]): Judgement {
  const verdict = overall(results.map((result) => result.verdict))
  const worst = results.find((result) => result.verdict === verdict)
  return { verdict, cause: worst && cause(worst) }
}

function isOlder({ attempt }: { readonly attempt: number }, outcome: JobOutcome): boolean {
  return outcome.attempt !== undefined && attempt < outcome.attempt
}

/**
 * Judges what a stage left where there are no jobs: a result of another commit proves nothing of this one, and some
 * parts prove nothing of the whole.
 */
export function judgeAlone(evidence: readonly Evidence[], commit: string): Judgement {
  const fault = evidence.find((one) => one.fault !== undefined)
  if (fault) return red(`its result cannot be believed: ${fault.fault}`)
  const results = partsOf(evidence)
  const doubt = foreignIn(results, commit) ?? faultOfParts(results.map(partIn))
  const judged = verdictOf(results)
  if (doubt === undefined || judged.verdict === 'fail') return judged
  return { verdict: 'inconclusive', cause: doubt }
}

/** The results of a stage's parts, in their order. */
export function partsOf(evidence: readonly Evidence[]): readonly StageResult[] {
  return evidence
    .flatMap(({ result }) => (result ? [result] : []))
    .sort((one, other) => partIn(one).index - partIn(other).index)
}

function red(why: string): { readonly verdict: Verdict; readonly cause: string } {
  return { verdict: 'fail', cause: why }
}

/** What was not shared out is the only part of its whole. */
function partIn({ shard = '1/1' }: StageResult): Shard {
  const [index, total] = shard.split('/').map(Number)
  return { index: index ?? 0, total: total ?? 0 }
}

function foreignIn(results: readonly StageResult[], commit: string): string | undefined {
  const foreign = results.find((result) => result.commit !== commit)
  return foreign && `its result is of commit ${foreign.commit}, not of ${commit}`
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
