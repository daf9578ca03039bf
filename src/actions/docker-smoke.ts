import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { z } from 'zod'
import { action, input, output } from '../platform/declare.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { smokeTest } from '../stages/docker-smoke/index.ts'
import { verifiedBinaries } from './programs.ts'

const previousSchema = z.array(z.object({ name: z.string(), 'size-bytes': z.number() }))

/** Builds the images, looks into them and runs them as production would. */
export default action({
  title: 'Docker smoke test',
  description:
    'Builds the images and shows that they are small, hold what they should, start, answer and stop',
  stage: 'docker-smoke',
  inputs: {
    images: input.list('Names in docker.images, separated by commas; default all'),
    binaries: input.path(
      'Folder of the binaries, relative to the project; default what cross-compile-go left in go.output, else its artifact of this run',
    ),
    pushTar: input.flag('Uploads each image as a tar', { default: 'false' }),
    previous: input.path(
      'Output "images" of an earlier run in a file, to compare sizes with, relative to the project',
    ),
  },
  outputs: {
    images: output.json(
      'Name, id, digest, size-bytes, compressed-bytes, ready-ms, idle-memory-bytes of each image',
    ),
  },
  async run(context) {
    const { inputs, project, stage, logs } = context
    const { binaries } = await verifiedBinaries(context, inputs.binaries)
    const result = await smokeTest(
      project,
      {
        images: inputs.images,
        verified: new Map(binaries.map(({ sha256, path }) => [sha256, path])),
        previous: await previousSizes(
          inputs.previous === undefined ? undefined : project.resolve(inputs.previous),
        ),
        engineRequired: process.env.CI === 'true',
        saveTo: inputs.pushTar ? join(logs, 'images') : undefined,
        logs,
      },
      stage,
    )
    return {
      result,
      files: result.data.saved,
      outputs: {
        images: result.data.images.map((image) => ({
          name: image.name,
          id: image.id,
          digest: image.digest,
          'size-bytes': image.uncompressedBytes,
          'compressed-bytes': image.compressedBytes,
          'ready-ms': image.readyMs,
          'idle-memory-bytes': image.idleMemoryBytes,
        })),
      },
    }
  },
})

/** Sizes by name, from what an earlier run gave as its output. */
async function previousSizes(file: string | undefined): Promise<ReadonlyMap<string, number>> {
  if (file === undefined) return new Map()
  try {
    const read = previousSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    return new Map(read.map((image) => [image.name, image['size-bytes']]))
  } catch (error) {
    const why = error instanceof z.ZodError ? 'no output "images" of docker-smoke' : (error as Error).message
    throw new ConfigurationError(`previous: ${posix.normalize(file)}: ${why}`)
  }
}
