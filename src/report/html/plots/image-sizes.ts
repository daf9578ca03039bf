import { z } from 'zod'
import { formatBytes } from '../../../result/units.ts'
import type { PipelineReport } from '../../model.ts'
import { shortened } from '../../visible.ts'
import { type Bar, drawBars } from './bars.ts'
import type { Plot } from './plot.ts'
import { readResults } from './read-results.ts'
import { LIMIT_NOTE, sizeInWords, sizeLimit } from './size-limit.ts'

const bytes = z.number().nonnegative()
const schema = z.object({
  images: z.array(
    z.object({
      name: z.string(),
      uncompressedBytes: bytes,
      compressedBytes: bytes,
      layers: z.array(z.object({ instruction: z.string(), uncompressedBytes: bytes })),
    }),
  ),
})

/** Longest instruction that is shown, in characters. */
const MOST_OF_INSTRUCTION = 120

/** The images, each bar cut into its layers from the base up. */
export function imageSizes(report: PipelineReport): Plot | undefined {
  const images = readResults(report, 'docker-smoke', schema).flatMap((result) =>
    result.data.images.map((image) => ({
      ...image,
      ...sizeLimit(result, `size/${image.name}`, image.uncompressedBytes),
    })),
  )
  if (images.length === 0) return undefined
  const bars = images.map(
    (image): Bar => ({
      name: image.name,
      total: sizeInWords(image.uncompressedBytes, image.isOver),
      segments: image.layers.map((layer, index) => ({
        value: layer.uncompressedBytes,
        numbers: `${image.name}, layer ${index + 1} of ${image.layers.length}: ${formatBytes(layer.uncompressedBytes)}, ${instructionOf(layer)}`,
      })),
      limit: image.limit,
      isOver: image.isOver ?? false,
    }),
  )
  const sizes = images.map((image) => `${image.name} ${formatBytes(image.uncompressedBytes)}`)
  return {
    id: 'image-sizes',
    title: 'Size of the images by layer',
    inWords: `Bars of ${images.length} images: ${sizes.join(', ')}. The numbers stand in the table below.`,
    note: `Unpacked; each part of a bar is a layer, from the base up. ${bars.some((bar) => bar.limit) ? LIMIT_NOTE : ''}`.trim(),
    draw: (page) => drawBars(bars, page),
    table: {
      caption: 'Size of the images and their layers, unpacked; of a whole image also as it is in a registry',
      head: ['image', 'layer', 'size', 'in a registry'],
      rows: images.flatMap((image) => [
        [image.name, 'whole', formatBytes(image.uncompressedBytes), formatBytes(image.compressedBytes)],
        ...image.layers.map((layer) => [
          image.name,
          instructionOf(layer),
          formatBytes(layer.uncompressedBytes),
          '',
        ]),
      ]),
      numbers: [2, 3],
    },
  }
}

function instructionOf({ instruction }: { readonly instruction: string }): string {
  return shortened(instruction || 'no instruction', MOST_OF_INSTRUCTION)
}
