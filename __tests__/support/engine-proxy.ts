import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { docker } from './docker.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface EngineProxy extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string
  /** From now on there is no engine here: what is open breaks off, and nothing listens any more. */
  stop(): void
}

/**
 * A second address of the real engine that can stop while the engine itself goes on, so that it can be asked what was
 * left in it. Does something when a request goes by whose first line matches, before the engine has it.
 */
export async function engineProxy(
  when: RegExp,
  then: (proxy: EngineProxy) => void = (proxy) => proxy.stop(),
): Promise<EngineProxy> {
  const address = await docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')
  const { hostname, port, pathname, protocol } = new URL(address)
  const folder = await temporaryFolder()
  const path = join(folder.path, 'socket')
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const engine = protocol === 'unix:' ? connect(pathname) : connect(Number(port), hostname)
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(one)
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      // A connection that breaks off is what this is for.
      one.on('error', () => undefined)
    }
    client.on('data', (chunk: Buffer) => {
      if (when.test(chunk.subarray(0, 500).toString('latin1').split('\r\n', 1)[0] ?? '')) then(proxy)
      if (!engine.destroyed) engine.write(chunk)
    })
    client.once('end', () => engine.end())
    engine.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const proxy: EngineProxy = {
    host: `unix://${path}`,
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      proxy.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
  return proxy
}
