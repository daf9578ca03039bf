import type { Log } from '../process/log.ts'

/** What a stage gets of the place where it runs. Nothing in it is of GitHub. */
export interface StageContext {
  readonly log: Log
  /** Aborted when the run is cancelled; a stage ends its processes and rejects with the signal's reason. */
  readonly signal: AbortSignal
  /** Which attempt of the run this is, from 1. */
  readonly attempt: number
  /** Full SHA of the commit under test, or `unknown`. */
  readonly commit: string
  readonly now: () => Date
  /** An existing folder for what lives as long as the stage. */
  readonly temporary: string
}
