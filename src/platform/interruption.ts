/**
 * A signal that is aborted when the process is asked to end. A runner that cancels sends SIGINT, 7.5 s later SIGTERM
 * and 2.5 s after that kills; the first is enough to begin.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const abort = () => {
      controller.abort(new Interrupted())
      // The next one ends the process. Not before the other listeners of this one have been called: what restores a
      // terminal's cursor ends the process itself where nobody else listens.
      setImmediate(() => process.off(name, abort))
    }
    process.on(name, abort)
  }
  return controller.signal
}

/** The reason of an abort that came from outside. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('interrupted')
  }
}
