import { type Exit, groupEnded } from '../group.ts'
import { nameAndPid, type ProcessEntry } from '../process-table.ts'
import { exitInWords, ServiceFailure } from './failure.ts'
import type { Launched } from './launch.ts'
import { HOST, type PortReservation } from './ports.ts'
import type { LogSource } from './service-log.ts'
import { type Stopped, stop } from './stop.ts'
import type { Surroundings } from './surroundings.ts'

/** What a service is made of once its process is there. */
export interface Parts {
  readonly name: string
  readonly port: number
  readonly graceMs: number
  readonly launched: Launched
  readonly log: LogSource
  readonly surroundings: Surroundings
  /** Given back when the service has ended. */
  readonly reservation: PortReservation | undefined
}

/** A running service. It is stopped when its scope ends, if it has not been before. */
export class Service implements AsyncDisposable {
  readonly name: string
  readonly port: number
  /** Where it listens, without a slash at the end. */
  readonly url: string
  /** Of the process that was started; who listens may be a child of its. */
  readonly pid: number
  /** From its start until it was ready. */
  readonly readyMs: number
  readonly #parts: Parts
  #stopped: Promise<Stopped> | undefined

  constructor(parts: Parts, readyAt: number) {
    this.#parts = parts
    this.name = parts.name
    this.port = parts.port
    this.url = `http://${HOST}:${parts.port}`
    this.pid = parts.launched.pid
    this.readyMs = readyAt - parts.launched.startedAt
  }

  /** Resolves as soon as its process has ended, by itself or stopped. */
  get ended(): Promise<Exit> {
    return this.#parts.launched.exited
  }

  /** How its process ended; undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#parts.launched.exit()
  }

  /** The file of its output, and its last lines as they were printed: not safe to print as they are. */
  get logFile(): string {
    return this.#parts.log.file
  }

  tail(): readonly string[] {
    return this.#parts.log.tail()
  }

  /** Its processes that are alive, those that left its group included. */
  members(): readonly ProcessEntry[] {
    return this.#parts.launched.members()
  }

  /**
   * Does something for which the service must live: what `work` gives; rejects with a ServiceFailure as soon as the
   * service has ended, and with the signal's reason on an abort. `work` gets a signal and must end when it is aborted.
   */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { launched, surroundings } = this.#parts
    surroundings.signal.throwIfAborted()
    const over = new AbortController()
    const signal = AbortSignal.any([surroundings.signal, over.signal])
    const running = work(signal)
    try {
      return await Promise.race([running, this.#untilEnd(launched), rejectsOn(signal)])
    } finally {
      over.abort()
      await Promise.allSettled([running])
    }
  }

  /**
   * Stops it: SIGTERM, the grace period (0 kills at once), SIGKILL, and a look at what is left. Asked again it tells
   * the same.
   */
  stop(options: { readonly graceMs?: number } = {}): Promise<Stopped> {
    this.#stopped ??= stopParts(this.#parts, options.graceMs ?? this.#parts.graceMs)
    return this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #untilEnd(launched: Launched): Promise<never> {
    const exit = await launched.exited
    await launched.printedAll
    throw new ServiceFailure(`${this.name} ended: ${exitInWords(exit)}`, {
      reason: 'ended',
      service: this.name,
      exit,
      tail: this.tail(),
    })
  }
}

/** Ends what there is of a service, gives its port back, and says in the log how it went. */
export async function stopParts(
  parts: Parts,
  graceMs: number,
  { portIsTaken = false }: { readonly portIsTaken?: boolean } = {},
): Promise<Stopped> {
  const { launched, surroundings, log, port } = parts
  try {
    const stopped = await stop(launched, {
      port: portIsTaken ? undefined : port,
      graceMs,
      signal: surroundings.signal,
    })
    for (const line of inWords(stopped, port)) log.said(line)
    return stopped
  } finally {
    groupEnded(launched)
    await parts.reservation?.[Symbol.asyncDispose]()
  }
}

function inWords(stopped: Stopped, port: number): readonly string[] {
  const { exit, alreadyEnded, killed, durationMs, leftovers, portHeldBy } = stopped
  const how = exit ? exitInWords(exit) : 'still there after SIGKILL'
  const when = alreadyEnded ? 'by itself' : `${Math.round(durationMs)} ms after it was asked to`
  return [
    `${how}, ${when}${killed ? ', by SIGKILL' : ''}`,
    ...(leftovers.length > 0 ? [`ended what it left running: ${leftovers.map(nameAndPid).join(', ')}`] : []),
    ...(portHeldBy === undefined ? [] : [`${HOST}:${port} is still listened on by ${portHeldBy}`]),
  ]
}

function rejectsOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
