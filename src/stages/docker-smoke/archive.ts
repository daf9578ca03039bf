import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'

/** A file as a layer holds it. */
export interface LayerFile {
  /** Absolute in the image, without a slash at the end. */
  readonly path: string
  readonly type: NonNullable<Header['type']>
  /** Permission bits. */
  readonly mode: number
  readonly sizeBytes: number
  /** Where a link points. */
  readonly link: string | undefined
  /** The first bytes of a file, at most `HEAD_BYTES`. */
  readonly head: Buffer
  /** Of an executable (ELF) alone. */
  readonly sha256: string | undefined
}

export interface Layer {
  /** The size of its tar, as it is unpacked. */
  readonly uncompressedBytes: number
  /** The size that a registry would store: its tar through gzip. */
  readonly compressedBytes: number
  readonly files: readonly LayerFile[]
}

/** What an image says of itself. */
export interface ImageConfig {
  readonly architecture?: string
  readonly os?: string
  readonly created?: string
  readonly config?: {
    readonly User?: string
    readonly Entrypoint?: readonly string[] | null
    readonly Cmd?: readonly string[] | null
    readonly Env?: readonly string[]
    readonly ExposedPorts?: Readonly<Record<string, unknown>>
    readonly Volumes?: Readonly<Record<string, unknown>>
    readonly Labels?: Readonly<Record<string, string>>
  }
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[]
}

export interface ImageArchive {
  readonly config: ImageConfig
  /** From the lowest one up. */
  readonly layers: readonly Layer[]
}

/** Enough for the headers of an executable, and for the first lines of a key. */
const HEAD_BYTES = 4096
/** More than any configuration of an image; what is longer and no layer is not read. */
const LONGEST_DOCUMENT = 4 * 1024 * 1024

interface ManifestEntry {
  readonly Config: string
  readonly Layers: readonly string[]
}

/**
 * Reads what `docker save` writes, of any version of the engine, as it comes: layers before what names them, as folders
 * or as blobs, plain or through gzip. Throws when it is no archive of an image.
 */
export async function readArchive(archive: Readable): Promise<ImageArchive> {
  const layers = new Map<string, Layer>()
  const documents = new Map<string, string>()
  const links = new Map<string, string>()
  const outer = extract()
  const reading = pipeline(archive, outer)
  // Awaited only when all went well; what went wrong the loop says.
  reading.catch(() => undefined)
  for await (const entry of outer) {
    const { name, type, linkname } = entry.header
    if (type === 'symlink' && linkname) links.set(name, posix.join(posix.dirname(name), linkname))
    if (type === 'file') await readEntry(name, bytesOf(entry), layers, documents)
    else entry.resume()
  }
  await reading
  const [image] = JSON.parse(documents.get('manifest.json') ?? '[]') as readonly ManifestEntry[]
  if (!image) throw new Error('no archive of an image: it has no manifest.json')
  return {
    config: JSON.parse(documents.get(image.Config) ?? '{}') as ImageConfig,
    layers: image.Layers.map((name) => {
      const layer = layers.get(name) ?? layers.get(links.get(name) ?? '')
      if (!layer) throw new Error(`no archive of an image: its layer ${name} is not in it`)
      return layer
    }),
  }
}

/** tar-stream's entries are streams of bytes, which its types do not say. */
function bytesOf(entry: AsyncIterable<unknown>): AsyncIterable<Buffer> {
  return entry as AsyncIterable<Buffer>
}

async function readEntry(
  name: string,
  entry: AsyncIterable<Buffer>,
  layers: Map<string, Layer>,
  documents: Map<string, string>,
): Promise<void> {
  const chunks = entry[Symbol.asyncIterator]()
  const read: Buffer[] = []
  let length = 0
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    read.push(next.value)
    length += next.value.length
    if (length >= BLOCK) break
  }
  const first = Buffer.concat(read)
  const whole = Readable.from(
    (async function* () {
      if (first.length > 0) yield first
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
    })(),
  )
  if (first[0] === 0x1f && first[1] === 0x8b) layers.set(name, await readLayer(whole, 'gzip'))
  else if (isTar(first)) layers.set(name, await readLayer(whole, 'plain'))
  else documents.set(name, await text(whole))
}

/** What a tar consists of. */
const BLOCK = 512

/** The magic of a tar, or the zeros of an empty one. */
function isTar(block: Buffer): boolean {
  if (block.length < BLOCK) return false
  return (
    block.subarray(257, 262).toString('latin1') === 'ustar' ||
    block.subarray(0, BLOCK).every((byte) => byte === 0)
  )
}

async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    length += (chunk as Buffer).length
    if (length <= LONGEST_DOCUMENT) chunks.push(chunk as Buffer)
  }
  return length <= LONGEST_DOCUMENT ? Buffer.concat(chunks).toString('utf8') : ''
}

async function readLayer(stream: Readable, kind: 'gzip' | 'plain'): Promise<Layer> {
  const stored = counter()
  const unpacked = counter()
  const files: LayerFile[] = []
  const inner = extract()
  // The size in a registry of what is stored plain is that of another gzip, made beside the reading.
  const packed = kind === 'plain' ? createGzip() : undefined
  const packing = packed ? pipeline(packed, stored, drain()) : undefined
  const tee = new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      if (packed && !packed.write(chunk)) await new Promise((resolve) => packed.once('drain', resolve))
      done(null, chunk)
    },
    flush(done) {
      packed?.end()
      done()
    },
  })
  const reading =
    kind === 'gzip'
      ? pipeline(stream, stored, createGunzip(), unpacked, inner)
      : pipeline(stream, tee, unpacked, inner)
  for (const one of [reading, packing]) one?.catch(() => undefined)
  for await (const entry of inner) files.push(await readFile(entry.header, bytesOf(entry)))
  await reading
  await packing
  return { uncompressedBytes: unpacked.bytes(), compressedBytes: stored.bytes(), files }
}

async function readFile(header: Header, entry: AsyncIterable<Buffer>): Promise<LayerFile> {
  const head: Buffer[] = []
  let length = 0
  let hash: ReturnType<typeof createHash> | undefined
  for await (const chunk of entry) {
    if (length === 0 && isElf(chunk)) hash = createHash('sha256')
    if (length < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - length))
    length += chunk.length
    hash?.update(chunk)
  }
  return {
    path: posix.join('/', header.name).replace(/(?<=.)\/$/, ''),
    type: header.type ?? 'file',
    mode: (header.mode ?? 0) & 0o7777,
    sizeBytes: header.size ?? 0,
    link: header.linkname || undefined,
    head: Buffer.concat(head),
    sha256: hash?.digest('hex'),
  }
}

function isElf(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]))
}

function counter() {
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return Object.assign(stream, { bytes: () => bytes })
}

function drain() {
  return async (source: AsyncIterable<Buffer>) => {
    for await (const _ of source) {
      // Only the count matters.
    }
  }
}
