import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Listening, listening } from './listening.ts'

const API = '/_apis/artifactcache/'
const TWIRP = '/twirp/github.actions.results.api.v1.CacheService/'
const DENIED = 'cache write denied: this token may only read'

interface Entry {
  readonly id: number
  readonly key: string
  readonly version: string
  content: Buffer
  committed: boolean
}

/** A request that has arrived whole. */
interface Call {
  readonly method: string | undefined
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** How a service may fail. `read-only` is what a token gets that may only read. */
type Fault = 'none' | 'hangs' | 'read-only'

/**
 * GitHub's cache service as clients see it. Generation 1, which act and GitHub Enterprise Server have: keys, versions,
 * chunks. Generation 2: twirp over JSON, and blobs at signed addresses.
 */
export class CacheService implements AsyncDisposable {
  fault: Fault = 'none'
  /** Called when a request comes in that is left without an answer. */
  onHang: () => void = () => {}
  readonly #server: Server
  #listening: Listening | undefined
  #origin = ''
  readonly #entries: Entry[] = []

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
  }

  static async start(): Promise<CacheService> {
    const service = new CacheService()
    service.#listening = await listening(service.#server)
    service.#origin = `http://127.0.0.1:${service.#listening.port}`
    return service
  }

  /** What the runner tells an action about the service. */
  environment(temporary: string, generation: 1 | 2 = 1): Record<string, string> {
    const address = `${this.#origin}/`
    return {
      ACTIONS_RUNTIME_TOKEN: 'token',
      RUNNER_TEMP: temporary,
      ...(generation === 1
        ? { ACTIONS_CACHE_URL: address }
        : { ACTIONS_RESULTS_URL: address, ACTIONS_CACHE_SERVICE_V2: 'true' }),
    }
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
    await this.#listening?.[Symbol.asyncDispose]()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.fault === 'hangs') return this.onHang()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const url = new URL(request.url ?? '/', this.#origin)
    const call = { method: request.method, url, headers: request.headers, body: Buffer.concat(chunks) }
    const [status, answer] = url.pathname.startsWith(TWIRP) ? this.#twirp(call) : this.#plain(call)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(answer instanceof Buffer ? answer : answer && JSON.stringify(answer))
  }

  /** The second generation's methods; its blobs are with the first one's requests. */
  #twirp({ url, body }: Call): readonly [status: number, answer: object] {
    const { key, version, restore_keys = [], size_bytes } = JSON.parse(body.toString())
    switch (url.pathname.slice(TWIRP.length)) {
      case 'CreateCacheEntry': {
        if (this.fault === 'read-only') return [200, { ok: false, message: DENIED }]
        const made = this.#reserve(key, version)
        return made
          ? [200, { ok: true, signed_upload_url: `${this.#address(made)}?sig=1` }]
          : [409, { code: 'already_exists', msg: 'it is there already' }]
      }
      case 'FinalizeCacheEntryUpload': {
        const entry = this.#entries.find((one) => one.key === key && one.version === version)
        const ok = entry?.content.length === Number(size_bytes)
        if (entry) entry.committed = ok
        return [200, { ok, entry_id: String(entry?.id ?? 0) }]
      }
      case 'GetCacheEntryDownloadURL': {
        const found = this.#find([key, ...restore_keys], version)
        return found
          ? [200, { ok: true, signed_download_url: `${this.#address(found)}?sig=1`, matched_key: found.key }]
          : [200, { ok: false }]
      }
      default:
        return [404, { code: 'bad_route', msg: url.pathname }]
    }
  }

  #plain({ method, url, headers, body }: Call): readonly [status: number, answer?: object] {
    const path = url.pathname.replace(API, '')
    const entry = this.#entries.find((one) => one.id === Number(/\d+$/.exec(path)?.[0]))
    switch (`${method} ${path.replace(/\d+$/, 'ID')}`) {
      case 'GET cache': {
        const keys = url.searchParams.get('keys')?.split(',') ?? []
        const found = this.#find(keys, url.searchParams.get('version') ?? '')
        return found ? [200, { cacheKey: found.key, archiveLocation: this.#address(found) }] : [204]
      }
      case 'POST caches': {
        if (this.fault === 'read-only') return [403, { message: DENIED }]
        const { key, version } = JSON.parse(body.toString())
        const made = this.#reserve(key, version)
        return made ? [201, { cacheId: made.id }] : [409, { message: 'it is there already' }]
      }
      case 'PATCH caches/ID': {
        if (!entry) return [404]
        const start = Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1])
        const content = Buffer.alloc(Math.max(entry.content.length, start + body.length))
        entry.content.copy(content)
        body.copy(content, start)
        entry.content = content
        return [204]
      }
      case 'POST caches/ID':
        if (!entry) return [404]
        entry.committed = JSON.parse(body.toString()).size === entry.content.length
        return [entry.committed ? 204 : 400]
      case 'GET account/archives/ID':
        return entry ? [200, entry.content] : [404]
      // As a storage account takes a blob that is small enough for one request.
      case 'PUT account/archives/ID':
        if (!entry) return [404]
        entry.content = body
        return [201]
      default:
        return [404]
    }
  }

  /** Undefined when the key is taken. */
  #reserve(key: string, version: string): Entry | undefined {
    if (this.#entries.some((one) => one.key === key && one.version === version)) return undefined
    const made = { id: this.#entries.length + 1, key, version, content: Buffer.alloc(0), committed: false }
    this.#entries.push(made)
    return made
  }

  /** Account, container and blob, as storage behind a numeric address has them. */
  #address({ id }: Entry): string {
    return `${this.#origin}${API}account/archives/${id}`
  }

  /** The first key that is there exactly, else the newest that begins with one of them. */
  #find(keys: readonly string[], version: string): Entry | undefined {
    const there = this.#entries.filter((one) => one.committed && one.version === version)
    for (const key of keys) {
      const found = there.find((one) => one.key === key) ?? there.findLast((one) => one.key.startsWith(key))
      if (found) return found
    }
    return undefined
  }
}
