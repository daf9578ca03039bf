import type { OutputSink } from '../log.ts'
import { guard, type Watchdog } from '../watchdog.ts'
import { type ServiceLog, serviceLog } from './service-log.ts'

/** What the services of one stage share. To be opened before the first of them and disposed of after the last. */
export interface Surroundings extends AsyncDisposable {
  readonly log: ServiceLog
  readonly watchdog: Watchdog
  /** Aborted when the run is cancelled: waiting services are ended, and all are stopped with less grace. */
  readonly signal: AbortSignal
}

/** Opens the log in a folder, which is made, and holds the watchdog, which removes `folders` after a SIGKILL. */
export function surroundings(options: {
  readonly logs: string
  readonly signal: AbortSignal
  /** Sees the lines of all services as they come, safe to print; not all of a service that prints very much. */
  readonly shown?: OutputSink
  readonly folders?: readonly string[]
}): Surroundings {
  const log = serviceLog(options.logs, options.shown)
  const watchdog = guard(options.folders)
  return {
    log,
    watchdog,
    signal: options.signal,
    async [Symbol.asyncDispose]() {
      await watchdog[Symbol.asyncDispose]()
      await log[Symbol.asyncDispose]()
    },
  }
}
