import type { Environment } from '../process/environment.ts'
import type { Log } from '../process/log.ts'

/** Where a tool may be looked for, and where one that was fetched is kept. */
export interface ToolPlaces {
  readonly log: Log
  readonly signal: AbortSignal
  /** The environment whose PATH is searched and whose settings (GOPROXY, an index URL) count. */
  readonly environment: Environment
  /** RUNNER_TOOL_CACHE on a runner: `<tool>/<version>/<arch>` beside an empty `<arch>.complete`; may not exist yet. */
  readonly toolCache: string | undefined
  /** The suite's own folder under the user's cache folder, for what must stay at one path from run to run. */
  readonly userCache: string
  /** An existing folder for what need not outlive the stage. */
  readonly temporary: string
}

/** A tool that was found, and how. */
export interface FoundTool {
  /** As it says itself, without prefix: 1.25.3, 3.11.7. */
  readonly version: string
  /** Absolute path of the program. */
  readonly executable: string
  /** Absolute folder to put first on PATH; undefined when the tool is on PATH already. */
  readonly addToPath: string | undefined
  /** PATH, tool cache, module proxy, archive, uv. */
  readonly where: string
  /** Why each earlier place was passed over, in order, a line each. */
  readonly passedOver: readonly string[]
  /** Why it is not certain that this is what was asked for, in words. */
  readonly doubt?: string
}
