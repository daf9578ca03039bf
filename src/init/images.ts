import { posix } from 'node:path'

/** An image as docker.images has it. */
export interface ImageEntry {
  readonly file: string
  readonly 'size-limit'?: string
  readonly port?: number
  readonly ready?: string
}

/** What a registry's image may weigh, in all its layers. */
const REGISTRY_LIMIT = '50MiB'
const REGISTRY_PORT = 8080

/** The images that these Dockerfiles make, by name; the registry's answers, and on the port that it exposes. */
export function imagesOf(
  dockerfiles: readonly { readonly path: string; readonly text: string }[],
): Readonly<Record<string, ImageEntry>> {
  const images: Record<string, ImageEntry> = {}
  for (const { path, text } of dockerfiles) {
    const name = nameOf(path)
    const unique = name in images ? path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') : name
    const port = Number(/^EXPOSE\s+(\d+)/im.exec(text)?.[1] ?? REGISTRY_PORT)
    images[unique] =
      name === 'registry'
        ? { file: path, 'size-limit': REGISTRY_LIMIT, port, ready: '/health' }
        : { file: path }
  }
  return images
}

function nameOf(path: string): string {
  if (/registry/i.test(path)) return 'registry'
  const base = posix.basename(path)
  const [, before, after] = /^(?:(.+)\.)?Dockerfile(?:\.(\w+))?$/.exec(base) ?? []
  const folder = posix.basename(posix.dirname(path))
  const name = (before ?? after ?? (folder === '.' ? '' : folder)).replace(
    /^[^A-Za-z0-9]+|[^A-Za-z0-9._-]+/g,
    '',
  )
  if (/(^|[-_])(cli|dev|ctl)$|ctl$/i.test(name)) return 'cli'
  return name === '' ? 'main' : name
}
