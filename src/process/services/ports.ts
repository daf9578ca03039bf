import { randomInt } from 'node:crypto'
import { createServer, type Server } from 'node:net'

/** Where every service listens. */
export const HOST = '127.0.0.1'

/** Below what Linux (from 32768) and macOS (from 49152) hand out by themselves, and below Kubernetes' node ports. */
const FIRST = 20_000
const COUNT = 10_000
/** The port that stands for the reservation of another one lies so much below it. */
const LOCK_OFFSET = 10_000
/** More than so many ports in a row that cannot be had is a machine without any. */
const TRIES = 200

/** What a machine without IPv6 answers. */
const NO_SUCH_ADDRESS = new Set<string | undefined>(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** A port that nobody else on this machine chooses while it is held. */
export interface PortReservation extends AsyncDisposable {
  readonly port: number
}

/**
 * Reserves a port on 127.0.0.1 at which nobody listens. The reservation is a listening socket of this process at
 * another port, which belongs to the reserved one: the system gives it to one process alone, whatever user or
 * container with this network it is of, and takes it back when the process ends, however it ends. So no reservation
 * is ever stale. A program that chooses its port in another way can still be faster.
 */
export async function reservePort(): Promise<PortReservation> {
  const start = randomInt(COUNT)
  for (let step = 0; step < TRIES; step++) {
    const port = FIRST + ((start + step) % COUNT)
    const lock = await listen(port - LOCK_OFFSET, HOST)
    if (!lock) continue
    if (await isFree(port)) return { port, [Symbol.asyncDispose]: () => close(lock) }
    await close(lock)
  }
  throw new Error(`no free port on ${HOST} among ${TRIES} from ${FIRST + start}`)
}

/** Whether somebody could listen there, in both versions of IP: `localhost` may be taken for either. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of [HOST, '::1']) {
    const server = await listen(port, host).catch((error: NodeJS.ErrnoException) => {
      if (host !== HOST && NO_SUCH_ADDRESS.has(error.code)) return 'no such address' as const
      throw error
    })
    if (!server) return false
    if (server !== 'no such address') await close(server)
  }
  return true
}

/** A server that answers nothing; undefined where the port is not to be had. */
function listen(port: number, host: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined)
      else reject(error)
    })
    // It lasts as long as its owner and keeps nobody waiting.
    server.listen({ port, host, exclusive: true }, () => resolve(server.unref()))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
