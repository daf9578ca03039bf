import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'

const outputSchema = z.array(z.object({ name: z.string(), 'size-bytes': z.number() }))

/** Bytes of images by name, as an earlier run gave them out. */
export type PreviousSizes = ReadonlyMap<string, number>

/**
 * Reads the output `images` of an earlier run from a file of the project; empty where none was named. Throws a
 * ConfigurationError when the file cannot be read or holds something else.
 */
export async function previousSizes(project: Project, file: string | undefined): Promise<PreviousSizes> {
  if (file === undefined) return new Map()
  try {
    const read = outputSchema.parse(JSON.parse(await readFile(project.resolve(file), 'utf8')))
    return new Map(read.map((image) => [image.name, image['size-bytes']]))
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === undefined ? 'it holds no output "images" of docker-smoke' : `it cannot be read: ${code}`
    throw new ConfigurationError(`${file}, given as previous: ${why}`)
  }
}
