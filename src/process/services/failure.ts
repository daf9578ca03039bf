import type { Exit } from '../group.ts'
import type { Stopped } from './stop.ts'

/** Why a service is not what it should be. */
export type FailureReason =
  /** Its process ended. */
  | 'ended'
  /** It was not ready in time. */
  | 'timed-out'
  /** Its port is somebody else's. */
  | 'port-taken'
  /** It listens, but not where it was asked to. */
  | 'elsewhere'

/** A service that failed: a red verdict with its cause in one line, neither a mistake of the user's nor a bug. */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure'
  readonly reason: FailureReason
  readonly service: string
  /** How its process ended, where it did so by itself. */
  readonly exit: Exit | undefined
  /** Its last lines as they were printed; not safe to print as they are. */
  readonly tail: readonly string[]
  /** How it was stopped afterwards, with what it left behind; undefined while it has not been. */
  readonly stopped: Stopped | undefined

  constructor(
    message: string,
    known: Pick<ServiceFailure, 'reason' | 'service' | 'exit' | 'tail'> & { readonly stopped?: Stopped },
  ) {
    super(message)
    this.reason = known.reason
    this.service = known.service
    this.exit = known.exit
    this.tail = known.tail
    this.stopped = known.stopped
  }
}

/** How a process ended, in words: `exit code 1`, `ended by SIGSEGV`. */
export function exitInWords({ code, signal }: Exit): string {
  return signal ? `ended by ${signal}` : `exit code ${code}`
}
