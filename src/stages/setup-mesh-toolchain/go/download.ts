import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Environment } from '../../../process/environment.ts'
import { formatDuration } from '../../../result/units.ts'
import { proxyFor } from './proxy.ts'

/** How the network is used. */
export interface Network {
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY count. */
  readonly environment: Environment
  readonly signal: AbortSignal
  /** Longest wait for a connection, for an answer and for each next piece of it. */
  readonly stallMs: number
  /** Longest time in all. */
  readonly totalMs: number
}

/** A download that did not succeed; its message is a clause for a user, with the address. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
}

/** The JSON at an address. Throws a DownloadError, or the signal's reason. */
export function downloadJson(address: string, network: Network): Promise<unknown> {
  return answered(address, network, async (response) => JSON.parse(await response.text()))
}

/**
 * Writes what is at an address into a file; its SHA-256 in hexadecimal.
 * Throws a DownloadError, or the signal's reason; what came of the file is then left for the caller to remove.
 */
export function downloadFile(address: string, file: string, network: Network): Promise<string> {
  return answered(address, network, async (response) => {
    const hash = createHash('sha256')
    await pipeline(
      Readable.from(response.body ?? []),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(file),
    )
    return hash.digest('hex')
  })
}

/** Asks an address and uses the answer; a second time when the connection broke. */
async function answered<T>(
  address: string,
  network: Network,
  use: (response: Answered) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(network.totalMs)
  const signal = AbortSignal.any([network.signal, limit])
  try {
    return await once(address, network, signal, use).catch((error: unknown) => {
      if (signal.aborted || !BROKEN_CONNECTION.has(codeOf(error))) throw error
      return once(address, network, signal, use)
    })
  } catch (error) {
    network.signal.throwIfAborted()
    const reason = limit.aborted ? `not done after ${formatDuration(network.totalMs)}` : words(error, network)
    throw new DownloadError(`${address}: ${reason}`, { cause: error })
  }
}

type Answered = Pick<Awaited<ReturnType<typeof import('undici').fetch>>, 'body' | 'text'>

async function once<T>(
  address: string,
  { environment, stallMs }: Network,
  signal: AbortSignal,
  use: (response: Answered) => Promise<T>,
): Promise<T> {
  // Node's own fetch takes neither a proxy nor these limits.
  const { Agent, ProxyAgent, fetch } = await import('undici')
  const limits = { connect: { timeout: stallMs }, headersTimeout: stallMs, bodyTimeout: stallMs }
  const proxy = proxyFor(new URL(address), environment)
  const dispatcher = proxy === undefined ? new Agent(limits) : new ProxyAgent({ ...limits, uri: proxy })
  try {
    const response = await fetch(address, { dispatcher, signal })
    if (!response.ok) throw new Error(`answers ${response.status}`)
    return await use(response)
  } finally {
    await dispatcher.destroy()
  }
}

/** undici says so of a connection that the other side closed. */
const BROKEN_CONNECTION: ReadonlySet<string | undefined> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

function words(error: unknown, { stallMs }: Network): string {
  const within = formatDuration(stallMs)
  switch (codeOf(error)) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection within ${within}`
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${within}`
    case 'UND_ERR_BODY_TIMEOUT':
      return `nothing more came for ${within}`
    case 'UND_ERR_SOCKET':
      return 'the connection broke, twice'
    default:
      return messageOf(error)
  }
}

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause === undefined ? undefined : codeOf(cause)
}

/** The innermost message: fetch's own is only `fetch failed`. An address tried twice has its reasons in `errors`. */
function messageOf(error: unknown): string {
  const { message, cause, errors } = (error ?? {}) as {
    message?: string
    cause?: unknown
    errors?: unknown[]
  }
  if (cause !== undefined) return messageOf(cause)
  return message || (errors?.length ? messageOf(errors[0]) : String(error))
}
