import { type Header, pack } from 'tar-stream'

export interface TarEntry extends Partial<Pick<Header, 'type' | 'mode' | 'linkname'>> {
  readonly name: string
  readonly content?: string | Buffer
}

/** The bytes of a tar. */
export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack()
  for (const { content, ...header } of entries) tar.entry(header, content ?? '')
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The bytes of a tar of regular files: content by name. */
export function filesTar(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  return tarOf(Object.entries(files).map(([name, content]) => ({ name, content })))
}
