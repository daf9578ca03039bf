import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that an agent made of its registry, and what became of it. */
export interface Recorded {
  readonly method: string
  readonly path: string
  /** `awaited` until the answer begins, `none` where the registry gave none. */
  readonly status: number | 'awaited' | 'none'
  /** The beginning of the answer, where it was a refusal. */
  readonly refusal: string
}

/** Stands between an agent and its registry: passes everything on and remembers what was asked. */
export interface Recorder extends AsyncDisposable {
  /** Where the agent finds its registry. */
  readonly url: string
  /** In the order in which they came, those under way included: their effect may be seen before their answer. */
  readonly requests: readonly Recorded[]
  /** Resolves with the first answer to a registration. */
  readonly registered: Promise<void>
}

/** Whether an agent asked to be registered, whatever became of it. */
export function isRegistration({ method, path }: Pick<Recorded, 'method' | 'path'>): boolean {
  return method === 'POST' && /regist/i.test(path)
}

/** Whether a request was not carried out, as far as is known. */
export function isRefused({ status }: Recorded): boolean {
  return status === 'none' || (status !== 'awaited' && status >= 400)
}

const LONGEST_REFUSAL = 400

/** What stands for one connection alone and must not be passed on. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection']

type Noted = { -readonly [Key in keyof Recorded]: Recorded[Key] }

/** Opens a recorder in front of a registry; it listens on 127.0.0.1 until it is disposed of. */
export async function recorder(registry: string): Promise<Recorder> {
  const requests: Noted[] = []
  let registers = () => {}
  const registered = new Promise<void>((resolve) => {
    registers = resolve
  })
  const target = new URL(registry)
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/' } = incoming
    const headers = { ...incoming.headers, host: target.host }
    for (const name of HOP_BY_HOP) delete (headers as Record<string, unknown>)[name]
    const noted: Noted = { method, path: path.replace(/\?.*$/, ''), status: 'awaited', refusal: '' }
    requests.push(noted)
    const upstream = send(
      { host: target.hostname, port: target.port, method, path, headers, agent: false },
      (answer) => {
        const status = answer.statusCode ?? 502
        const kept: Buffer[] = []
        noted.status = status
        if (isRegistration(noted)) registers()
        if (status >= 400) {
          answer.on('data', (chunk: Buffer) => {
            if (noted.refusal.length === LONGEST_REFUSAL) return
            kept.push(chunk)
            noted.refusal = Buffer.concat(kept).toString('utf8').slice(0, LONGEST_REFUSAL)
          })
        }
        const passed = { ...answer.headers }
        for (const name of HOP_BY_HOP) delete passed[name]
        outgoing.writeHead(status, passed)
        answer.pipe(outgoing)
        answer.once('error', () => outgoing.destroy())
      },
    )
    upstream.once('error', (error) => {
      if (noted.status === 'awaited') Object.assign(noted, { status: 'none', refusal: error.message })
      // What the agent would have seen without anybody between: a connection that breaks.
      outgoing.destroy()
    })
    outgoing.once('close', () => upstream.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    registered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
