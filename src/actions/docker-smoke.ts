import { join, posix } from 'node:path'
import { action, input, output } from '../platform/declare.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { Binary } from '../stages/cross-compile-go/manifest.ts'
import { chosenImages, placeOfCopy } from '../stages/docker-smoke/chosen.ts'
import { imageTable } from '../stages/docker-smoke/details.ts'
import { smokeTest } from '../stages/docker-smoke/index.ts'
import { previousSizes } from '../stages/docker-smoke/previous.ts'
import type { BinariesContext } from './binaries.ts'
import { binariesInput } from './binaries-input.ts'
import { verifiedBinaries } from './programs.ts'

/** Builds the images, looks into them and runs them as production would. */
export default action({
  title: 'Docker smoke test',
  description:
    'Builds the images and shows that they are small, hold what they should, start, answer and stop',
  stage: 'docker-smoke',
  // Most of its time it waits, for the engine and for containers to be idle.
  after: ['cross-compile-go'],
  inputs: {
    images: input.list('Names in docker.images, separated by commas; default all'),
    binaries: binariesInput,
    pushTar: input.flag('Uploads each image as a tar, which docker load calls <name>:<commit>', {
      default: 'false',
    }),
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
    const previous = await previousSizes(project, inputs.previous)
    const result = await smokeTest(
      project,
      {
        images: inputs.images,
        verified: async () => {
          const binaries = await copiedBinaries(context, inputs.images, inputs.binaries)
          return new Map(binaries.map(({ sha256, path }) => [sha256, path]))
        },
        previous,
        engineRequired: process.env.CI === 'true',
        saveTo: inputs.pushTar ? join(logs, 'images') : undefined,
        logs,
      },
      stage,
    )
    return {
      result,
      files: result.data.saved,
      details: imageTable(result.data.images, previous),
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

/** The proven binaries, where an image copies any of them or their folder was named; else nobody is asked for them. */
async function copiedBinaries(
  context: BinariesContext,
  images: readonly string[] | undefined,
  folder: string | undefined,
): Promise<readonly Binary[]> {
  const { project } = context
  const { directory, output: out } = project.config.go
  const folders = [posix.join(directory, out), ...(folder === undefined ? [] : [folder])]
  const place = await placeOfCopy(project, chosenImages(project, images), folders)
  if (place === undefined && folder === undefined) return []
  try {
    return (await verifiedBinaries(context, folder)).binaries
  } catch (error) {
    if (!(error instanceof ConfigurationError) || place === undefined) throw error
    throw new ConfigurationError(`binaries are copied here, but ${error.message}`, { place, fix: error.fix })
  }
}
