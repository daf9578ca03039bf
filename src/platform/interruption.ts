/**
 * A signal that is aborted when the process is asked to end. A runner that cancels sends SIGINT, 7.5 s later SIGTERM
 * and 2.5 s after that kills; the first is enough to begin.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  const abort = () => controller.abort(new Interrupted())
  process.once('SIGINT', abort)
  process.once('SIGTERM', abort)
  return controller.signal
}

/** The reason of an abort that came from outside. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('interrupted')
  }
}
