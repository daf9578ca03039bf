import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Header, type Pack, pack } from 'tar-stream'
import { parsed } from '../../mesh/registry.ts'

/** More than any document of an archive that names images. */
const LONGEST_DOCUMENT = 4 * 1024 * 1024

/** By which images are named in index.json, which newer engines read. */
const NAMES = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']

/**
 * Copies an archive of an image (what `docker save` writes) into a file with other names for the image: `docker load`
 * gives it those alone, and takes none away from an image that bears one already. Throws when it is no archive of one
 * image, with the cause in a line.
 */
export async function writeRenamed(archive: Readable, file: string, names: readonly string[]): Promise<void> {
  const [from, to] = [extract(), pack()]
  const reading = pipeline(archive, from)
  const writing = pipeline(to, createWriteStream(file))
  // Of those that fail together the first to fail is told, which the loop or a later await finds.
  for (const one of [reading, writing]) one.catch(() => undefined)
  try {
    let images = 0
    for await (const entry of from) {
      const { header } = entry
      const bytes = entry as AsyncIterable<unknown> as AsyncIterable<Buffer>
      if (header.name === 'manifest.json') images += await renameManifest(header, bytes, to, names)
      else if (header.name === 'index.json') await renameIndex(header, bytes, to)
      else if (header.name === 'repositories') entry.resume()
      else await pipeline(bytes, to.entry(header))
    }
    await reading
    if (images !== 1) throw new Error(images === 0 ? 'it has no manifest.json' : `it holds ${images} images`)
    to.finalize()
  } catch (error) {
    archive.destroy()
    to.destroy(error as Error)
    await writing.catch(() => undefined)
    throw error
  }
  await writing
}

/** The number of images that it names. */
async function renameManifest(
  header: Header,
  entry: AsyncIterable<Buffer>,
  to: Pack,
  names: readonly string[],
): Promise<number> {
  const images = parsed(await textOf(entry))
  if (!Array.isArray(images)) return 0
  write(
    header,
    images.map((image) => ({ ...image, RepoTags: names.length > 0 ? names : null })),
    to,
  )
  return images.length
}

async function renameIndex(header: Header, entry: AsyncIterable<Buffer>, to: Pack): Promise<void> {
  const index = parsed(await textOf(entry)) as { manifests?: { annotations?: object }[] } | undefined
  const manifests = index?.manifests?.map(({ annotations = {}, ...manifest }) => ({
    ...manifest,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !NAMES.includes(key))),
  }))
  write(header, { ...index, ...(manifests ? { manifests } : {}) }, to)
}

function write(header: Header, document: unknown, to: Pack): void {
  const text = JSON.stringify(document)
  to.entry({ ...header, size: Buffer.byteLength(text) }, text)
}

async function textOf(entry: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of entry) {
    length += chunk.length
    if (length > LONGEST_DOCUMENT) throw new Error('its manifest is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
