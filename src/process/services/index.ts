import { mkdirSync } from 'node:fs'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { formatDuration } from '../../result/units.ts'
import { temporaryVariables } from '../environment.ts'
import { awaitReady, type Waited } from './await-ready.ts'
import { ServiceFailure } from './failure.ts'
import { type Command, launch } from './launch.ts'
import { HOST, reservePort } from './ports.ts'
import type { Readiness } from './readiness.ts'
import { type Parts, Service, stopParts } from './service.ts'
import type { Surroundings } from './surroundings.ts'

/** Where a service is to listen. */
interface Address {
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:20123` */
  readonly url: string
}

export interface ServiceSpec {
  /** In the log and in messages. */
  readonly name: string
  /** How it is started, once its port is known. Called again where it is started again with another port. */
  readonly command: (address: Address) => Command
  /** `free`: one that nobody else chooses as long as the service lives. A number is taken as it is. */
  readonly port: 'free' | number
  readonly readiness: Readiness
  /** How long it may take to be ready. */
  readonly timeoutMs: number
  /** How long it may take to end after SIGTERM. */
  readonly graceMs: number
  /** `anybody`: another process listens for it, as Docker does for a container. */
  readonly listener?: 'own' | 'anybody'
  /** An own folder for temporary files; it is made. */
  readonly temporary?: string
}

/** A lost race for a port is run once more, with another port. */
const ATTEMPTS = 2

/**
 * Starts a service and waits until it is ready. Rejects with a ServiceFailure that has the cause in one line, and with
 * the signal's reason on an abort; then nothing of the service is left. Throws a ConfigurationError where it cannot be
 * started at all.
 */
export async function startService(spec: ServiceSpec, surroundings: Surroundings): Promise<Service> {
  if (process.platform === 'win32') {
    throw new ConfigurationError(`${spec.name}: services are not supported on Windows`, {
      fix: 'run this stage on Linux or macOS (runs-on: ubuntu-latest)',
    })
  }
  for (let attempt = 1; ; attempt++) {
    surroundings.signal.throwIfAborted()
    const parts = await begin(spec, surroundings)
    let waited: Waited
    try {
      waited = await awaitReady(parts.launched, {
        port: parts.port,
        readiness: spec.readiness,
        timeoutMs: spec.timeoutMs,
        listener: spec.listener ?? 'own',
        tail: parts.log.tail,
        signal: surroundings.signal,
      })
    } catch (error) {
      await stopParts(parts, spec.graceMs)
      throw error
    }
    if (waited.kind === 'ready') {
      const service = new Service(parts, waited.at)
      parts.log.said(`ready after ${formatDuration(service.readyMs)}`)
      return service
    }
    parts.log.said(waited.clause)
    const exit = parts.launched.exit()
    const tail = parts.log.tail()
    const portIsTaken = waited.reason === 'port-taken'
    const stopped = await stopParts(parts, spec.graceMs, { portIsTaken })
    if (portIsTaken && spec.port === 'free' && attempt < ATTEMPTS) {
      parts.log.said('is started again with another port')
      continue
    }
    throw new ServiceFailure(`${spec.name} ${waited.clause}`, {
      reason: waited.reason,
      service: spec.name,
      exit,
      tail,
      stopped,
    })
  }
}

/** Chooses the port and starts the process. */
async function begin(spec: ServiceSpec, surroundings: Surroundings): Promise<Parts> {
  const reservation = spec.port === 'free' ? await reservePort() : undefined
  const port = reservation?.port ?? (spec.port as number)
  try {
    const command = spec.command({ host: HOST, port, url: `http://${HOST}:${port}` })
    const log = surroundings.log.source(spec.name)
    log.said(`starts for ${HOST}:${port}`)
    const launched = await launch(withTemporary(command, spec.temporary), log)
    return { name: spec.name, port, graceMs: spec.graceMs, launched, log, surroundings, reservation }
  } catch (error) {
    await reservation?.[Symbol.asyncDispose]()
    throw error
  }
}

function withTemporary(command: Command, folder: string | undefined): Command {
  if (folder === undefined) return command
  mkdirSync(folder, { recursive: true })
  return { ...command, env: { ...command.env, ...temporaryVariables(folder) } }
}
