import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const API = '/_apis/artifactcache/'

interface Entry {
  readonly id: number
  readonly key: string
  readonly version: string
  content: Buffer
  committed: boolean
}

/** How a service may fail. `read-only` is what a token gets that may only read. */
type Fault = 'none' | 'hangs' | 'read-only'

/** GitHub's cache service of the first generation, as act and GitHub Enterprise Server have it: keys, versions, chunks. */
export class CacheService implements AsyncDisposable {
  fault: Fault = 'none'
  /** Called when a request comes in that is left without an answer. */
  onHang: () => void = () => {}
  readonly #server: Server
  #origin = ''
  readonly #entries: Entry[] = []

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
  }

  static async start(): Promise<CacheService> {
    const service = new CacheService()
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve))
    service.#origin = `http://127.0.0.1:${(service.#server.address() as AddressInfo).port}`
    return service
  }

  /** What the runner tells an action about the service. */
  environment(temporary: string): Record<string, string> {
    return { ACTIONS_CACHE_URL: `${this.#origin}/`, ACTIONS_RUNTIME_TOKEN: 'token', RUNNER_TEMP: temporary }
  }

  /** The keys that were saved, in order. */
  get keys(): readonly string[] {
    return this.#entries.filter(({ committed }) => committed).map(({ key }) => key)
  }

  /** Cuts an archive in two, and leaves away the second half. */
  damage(key: string): void {
    const entry = this.#entries.find((one) => one.key === key)
    if (!entry) throw new Error(`no cache ${key}; there are ${this.keys.join(', ')}`)
    entry.content = entry.content.subarray(0, entry.content.length / 2)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.fault === 'hangs') return this.onHang()
    const url = new URL(request.url ?? '/', this.#origin)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const json = (status: number, answer: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    const path = url.pathname.replace(API, '')
    const id = Number(/\d+$/.exec(path)?.[0])
    const entry = this.#entries.find((one) => one.id === id)

    if (request.method === 'GET' && path === 'cache') {
      const found = this.#find(url.searchParams.get('keys') ?? '', url.searchParams.get('version') ?? '')
      if (!found) return void response.writeHead(204).end()
      return void json(200, {
        cacheKey: found.key,
        archiveLocation: `${this.#origin}${API}archives/${found.id}`,
      })
    }
    if (request.method === 'GET' && entry) return void response.end(entry.content)
    if (request.method === 'POST' && path === 'caches') {
      if (this.fault === 'read-only')
        return void json(403, { message: 'cache write denied: this token may only read' })
      const { key, version } = JSON.parse(body.toString())
      if (this.#entries.some((one) => one.key === key && one.version === version)) {
        return void json(409, { message: 'it is there already' })
      }
      const made = { id: this.#entries.length + 1, key, version, content: Buffer.alloc(0), committed: false }
      this.#entries.push(made)
      return void json(201, { cacheId: made.id })
    }
    if (request.method === 'PATCH' && entry) {
      const start = Number(/^bytes (\d+)-/.exec(request.headers['content-range'] ?? '')?.[1])
      const content = Buffer.alloc(Math.max(entry.content.length, start + body.length))
      entry.content.copy(content)
      body.copy(content, start)
      entry.content = content
      return void response.writeHead(204).end()
    }
    if (request.method === 'POST' && entry) {
      entry.committed = JSON.parse(body.toString()).size === entry.content.length
      return void response.writeHead(entry.committed ? 204 : 400).end()
    }
    response.writeHead(404).end()
  }

  /** The first key that is there exactly, else the newest that begins with one of them. */
  #find(keys: string, version: string): Entry | undefined {
    const there = this.#entries.filter((one) => one.committed && one.version === version)
    for (const key of keys.split(',')) {
      const found = there.find((one) => one.key === key) ?? there.findLast((one) => one.key.startsWith(key))
      if (found) return found
    }
    return undefined
  }
}
