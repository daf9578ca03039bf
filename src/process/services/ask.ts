import { request as send } from 'node:http'

/** More of a body than this is not read. */
const LONGEST_BODY = 1024 * 1024

/** What came of one request. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** Nobody listens there. */
  | { readonly kind: 'refused' }
  /** Somebody listens, but no answer came. */
  | { readonly kind: 'mute'; readonly why: string }

export interface Question {
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Default GET. */
  readonly method?: string
  /** JSON, as it is sent. */
  readonly body?: string | undefined
}

/** One request over a connection of its own. Nothing is thrown: whoever waits for a service expects all kinds of answers. */
export function ask(url: string, { limitMs, signal, method = 'GET', body }: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ECONNREFUSED'
          ? { kind: 'refused' }
          : { kind: 'mute', why: error.code ?? error.message },
      )
    // `agent: false`: nothing stays open that the service would have to wait for at its end.
    const request = send(
      url,
      {
        method,
        agent: false,
        signal,
        headers: {
          accept: 'application/json, */*',
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > LONGEST_BODY) request.destroy(new Error('an answer without end'))
        })
        response.once('error', failed)
        response.once('end', () =>
          resolve({
            kind: 'answered',
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    const limit = setTimeout(
      () => request.destroy(new Error(`no answer in ${Math.round(limitMs)} ms`)),
      limitMs,
    )
    request.once('error', failed)
    request.once('close', () => clearTimeout(limit))
    request.end(body)
  })
}
