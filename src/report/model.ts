import type { Quantity, StageResult } from '../result/stage-result.ts'
import type { Stage } from '../result/stages.ts'
import type { Verdict } from '../result/verdict.ts'
import type { Job } from './pipeline.ts'

/** What a whole pipeline came to. Summary, HTML, JUnit and JSON are drawn from this one value. */
export interface PipelineReport {
  readonly schema: 1
  /** The repository, or the folder of the project in a terminal. */
  readonly project: string
  /** Full SHA of the commit under test, or `unknown`. */
  readonly commit: string
  readonly attempt: number
  readonly verdict: Exclude<Verdict, 'skipped'>
  /** The stages that were left out on request: the verdict is one over the others alone. */
  readonly leftOut: readonly Stage[]
  /** The verdict in one sentence, for the head of every page. */
  readonly sentence: string
  /** Of the pipeline, in their order; none in a terminal. */
  readonly jobs: readonly JobReport[]
  /** Those that were to run and those that were left out, in the order in which they run. */
  readonly stages: readonly StageReport[]
  readonly figures: readonly Figure[]
}

export interface JobReport {
  readonly name: Job
  /** As the runner tells it. */
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped'
}

export interface StageReport {
  readonly stage: Stage
  readonly job: Job | undefined
  /** The worst of its parts; `skipped` where it was left out, or where an earlier stage was red. */
  readonly verdict: Verdict
  /** Of whatever is not green, in one line; text of the project's may be in it. */
  readonly cause: string | undefined
  /** One for each part, in their order; none where it left no evidence. */
  readonly results: readonly StageResult[]
  readonly logs: readonly LogText[]
  /** The command that runs it in a terminal, after the stages that it needs. */
  readonly local: string
}

/** The end of a log of a stage, as it was printed: not safe to show as it is. */
export interface LogText {
  readonly name: string
  readonly text: string
  /** How many lines before the text were cut off. */
  readonly cutLines: number
}

/** A size or a speed that is compared from run to run. */
export interface Figure {
  /** Stable: binary-size/mcp-mesh-registry-linux-amd64. */
  readonly id: string
  readonly title: string
  readonly measured: Quantity
  /** Of the last run of the default branch on another commit; undefined where none is known. */
  readonly before: number | undefined
}
