import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Listening, listening } from './listening.ts'

const TWIRP = '/twirp/github.actions.results.api.v1.ArtifactService/'

interface Blob {
  /** Blocks that were sent but are not yet part of the content. */
  readonly blocks: Map<string, Buffer>
  content: Buffer
  type: string
}

interface Kept {
  readonly id: number
  readonly run: string
  readonly job: string
  readonly name: string
  readonly blob: Blob
  digest: string | undefined
}

/** What a method answers: a status, and a body that becomes JSON. */
type Answer = readonly [status: number, body: object]
type Message = Readonly<Record<string, string | undefined>>

/**
 * GitHub's artifact service and the blob storage behind it, as far as clients can see them: twirp over JSON, signed
 * addresses, block blobs. Artifacts belong to a run, have one name once in it, and are seen when they are finalized.
 */
export class ArtifactService implements AsyncDisposable {
  /** The methods that were called, in order. */
  readonly calls: string[] = []
  readonly #server: Server
  #listening: Listening | undefined
  readonly #artifacts = new Map<number, Kept>()
  readonly #signatures = new Map<string, Blob>()
  #nextId = 1
  #refusal: Answer | undefined

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500).end(JSON.stringify({ code: 'internal', msg: String(error) }))
      })
    })
  }

  static async start(): Promise<ArtifactService> {
    const service = new ArtifactService()
    service.#listening = await listening(service.#server)
    return service
  }

  /** What the runner tells an action of this job about the service. */
  environmentOf(run: string, job: string): Record<string, string> {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { scp: `Actions.Example Actions.Results:${run}:${job}` }
    return {
      ACTIONS_RUNTIME_TOKEN: `${part({ alg: 'none' })}.${part(claims)}.${part({})}`,
      ACTIONS_RESULTS_URL: `${this.#origin}/`,
    }
  }

  /** Refuses every call from now on. */
  refuse(status: number, code: string, msg: string): void {
    this.#refusal = [status, { code, msg }]
  }

  /** Changes one byte of an artifact in a way that only its hash shows: the time of the first file in the zip. */
  damage(name: string): void {
    const kept = [...this.#artifacts.values()].find((one) => one.name === name)
    if (!kept) throw new Error(`no artifact ${name}`)
    kept.blob.content.writeUInt8(kept.blob.content.readUInt8(10) ^ 1, 10)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.[Symbol.asyncDispose]()
  }

  get #origin(): string {
    return `http://127.0.0.1:${this.#listening?.port}`
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#origin)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    if (!url.pathname.startsWith(TWIRP)) return this.#serveBlob(request, url, body, response)
    const method = url.pathname.slice(TWIRP.length)
    this.calls.push(method)
    const [status, answer] = this.#refusal ?? this.#call(method, request, JSON.parse(body.toString()))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #call(method: string, request: IncomingMessage, message: Message): Answer {
    const [run, job] = scopeOf(request.headers.authorization)
    if (run === undefined || run !== message.workflow_run_backend_id) {
      return [403, { code: 'permission_denied', msg: 'this token is of another run' }]
    }
    const ofRun = [...this.#artifacts.values()].filter((kept) => kept.run === run)
    const named = ofRun.find((kept) => kept.name === message.name)
    switch (method) {
      case 'CreateArtifact': {
        if (named) {
          const msg = 'an artifact with this name already exists on the workflow run'
          return [409, { code: 'already_exists', msg }]
        }
        const blob: Blob = { blocks: new Map(), content: Buffer.alloc(0), type: '' }
        const id = this.#nextId++
        this.#artifacts.set(id, {
          id,
          run,
          job: job ?? '',
          name: message.name ?? '',
          blob,
          digest: undefined,
        })
        return [200, { ok: true, signed_upload_url: this.#sign(blob) }]
      }
      case 'FinalizeArtifact': {
        if (!named) return notFound()
        const digest = `sha256:${createHash('sha256').update(named.blob.content).digest('hex')}`
        if (message.hash !== digest || Number(message.size) !== named.blob.content.length) {
          return [400, { code: 'invalid_argument', msg: 'size or hash is not that of the blob' }]
        }
        named.digest = digest
        return [200, { ok: true, artifact_id: String(named.id) }]
      }
      case 'ListArtifacts': {
        const found = ofRun
          .filter((kept) => kept.digest !== undefined)
          .filter((kept) => message.name_filter === undefined || message.name_filter === kept.name)
          .filter((kept) => message.id_filter === undefined || message.id_filter === String(kept.id))
        return [200, { artifacts: found.map(listed) }]
      }
      case 'GetSignedArtifactURL':
        return named ? [200, { name: named.name, signed_url: this.#sign(named.blob) }] : notFound()
      case 'DeleteArtifact':
        if (!named) return notFound()
        this.#artifacts.delete(named.id)
        return [200, { ok: true, artifact_id: String(named.id) }]
      default:
        return [404, { code: 'bad_route', msg: method }]
    }
  }

  #sign(blob: Blob): string {
    const signature = randomUUID()
    this.#signatures.set(signature, blob)
    // Account, container and blob, as storage behind a numeric address has them.
    return `${this.#origin}/account/results/${randomUUID()}?sig=${signature}`
  }

  #serveBlob(request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): void {
    const blob = this.#signatures.get(url.searchParams.get('sig') ?? '')
    const action = `${request.method} ${url.searchParams.get('comp') ?? 'blob'}`
    this.calls.push(action)
    if (!blob) response.writeHead(403).end()
    else if (action === 'PUT block') {
      blob.blocks.set(url.searchParams.get('blockid') ?? '', body)
      response.writeHead(201).end()
    } else if (action === 'PUT blocklist') {
      const ids = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id]) => id ?? '')
      blob.content = Buffer.concat(ids.map((id) => blob.blocks.get(id) ?? Buffer.alloc(0)))
      blob.type = String(request.headers['x-ms-blob-content-type'])
      response.writeHead(201).end()
    } else if (action === 'GET blob') {
      response.writeHead(200, { 'content-type': blob.type }).end(blob.content)
    } else response.writeHead(405).end()
  }
}

function scopeOf(authorization: string | undefined): readonly string[] {
  const claims = JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString() || '{}')
  return String(claims.scp).split('Actions.Results:')[1]?.split(':') ?? []
}

function listed({ id, run, job, name, blob, digest }: Kept): object {
  return {
    workflow_run_backend_id: run,
    workflow_job_run_backend_id: job,
    database_id: String(id),
    name,
    size: String(blob.content.length),
    created_at: new Date(0).toISOString(),
    digest,
  }
}

function notFound(): Answer {
  return [404, { code: 'not_found', msg: 'no such artifact in this run' }]
}
