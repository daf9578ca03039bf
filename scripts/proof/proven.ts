import type { Stage } from '../../src/result/stages.ts'

/** How a run ends: by itself, cancelled as by a runner, or killed as by act. */
export const ENDINGS = ['by itself', 'SIGINT', 'SIGKILL'] as const
export type Ending = (typeof ENDINGS)[number]

/** Something that makes a stage red, or that has to be ended. */
export interface Fault {
  readonly name: string
  /** How a run with it may end; default all ways. One that takes long by itself is only ever ended. */
  readonly endings?: readonly Ending[]
  /** Up to when after its start it is ended; about so long a run takes by itself. */
  readonly latestMs: number
}

/** One run of the stage. */
interface Run {
  readonly pid: number
  /** The project's folder. */
  readonly directory: string
  /** What every process of it has in its environment. */
  readonly trace: string
}

/** A stage of which is proven that it leaves nothing. */
export interface Proven<F extends Fault = Fault> extends AsyncDisposable {
  readonly stage: Stage
  readonly faults: readonly F[]
  /** What is looked for beside processes and temporary files, in words: `port`. */
  readonly kinds: string
  /** Something that is still there so long after the end of the stage's own process is left. */
  readonly cleanMs: number
  /** The project with a fault (in `folder`, which is the run's own, or elsewhere), without results, and the flags that it is run with. */
  project(fault: F, folder: string): { readonly directory: string; readonly flags: readonly string[] }
  /** What a run left beside processes and temporary files, each in words. */
  leftovers(run: Run): Promise<readonly string[]>
  /** What the next run of the stage does first about one that was killed. */
  nextRun?(): Promise<unknown>
}
