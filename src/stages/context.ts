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
  /** Whether another stage is at work beside this one now: its load may disturb what has limits of time. */
  readonly isDisturbed: () => boolean
}

/** Keeps folders from one run to another. Restores only to the same absolute path that was saved. */
export interface CacheStore {
  /**
   * Brings back the folder saved under `key`, else the newest one whose key begins with one of `restoreKeys`.
   * The key that it was saved under; undefined where there is none. Rejects when the service does not answer, or
   * when what it sent cannot be unpacked, of which then a part may lie in the folder. Nothing goes on after an abort.
   */
  restore(
    folder: string,
    key: string,
    restoreKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<string | undefined>
  /** Rejects when it cannot be saved, also because the key is taken. */
  save(folder: string, key: string, signal: AbortSignal): Promise<void>
}
