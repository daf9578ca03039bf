import type { Log } from '../process/log.ts'
import type { Project } from '../project/load.ts'
import type { StageResult } from '../result/stage-result.ts'
import type { CacheStore } from '../stages/context.ts'
import type { Artifacts } from './artifacts/artifacts.ts'

/** The place where a stage runs: GitHub, act or a terminal, behind one face. */
export interface Runner {
  readonly log: Log
  /** The folder that paths of inputs are relative to. */
  readonly workspace: string
  /** An existing folder for what need not outlive the job. */
  readonly temporary: string
  /** Where tools for several jobs lie (RUNNER_TOOL_CACHE); it need not exist yet. */
  readonly toolCache: string | undefined
  /** The suite's folder under the user's cache folder; it need not exist yet. */
  readonly userCache: string
  readonly caches: CacheStore | undefined
  /** Whether what this run caches serves others. */
  readonly savesCaches: boolean
  readonly attempt: number
  /** The id of the job in its workflow; undefined where there are no jobs. */
  readonly job: string | undefined
  /** What the repository is called there, as in owner/name. */
  readonly repository: string | undefined
  /** Full SHA where the place knows it itself. */
  readonly commit: string | undefined
  /** Lets the place itself hide a word wherever it is printed from now on. */
  mask(secret: string): void
  artifacts(commit: string): Artifacts
  /**
   * Shows a stage's result as this place does: annotations, summary. Paths in it are relative to the project's folder;
   * `details` is Markdown of the stage's own.
   */
  show(result: StageResult, project: Pick<Project, 'directory' | 'file'>, details?: string): Promise<void>
  /** Puts Markdown into the job's summary, where there is one. */
  summarise(markdown: string): Promise<void>
}
