import type { Check } from '../../result/stage-result.ts'
import { formatBytes } from '../../result/units.ts'
import type { ImageArchive } from './archive.ts'
import { visibleFiles } from './file-system.ts'

/** A layer as it is told: what made it, and what it weighs. */
interface LayerSize {
  readonly instruction: string
  readonly uncompressedBytes: number
  readonly compressedBytes: number
}

export interface ImageSize {
  readonly uncompressedBytes: number
  readonly compressedBytes: number
  readonly layers: readonly LayerSize[]
  readonly largest: readonly { readonly path: string; readonly sizeBytes: number }[]
}

const LARGEST = 5

/** What an image weighs, the same for every version of the engine: its layers as they are unpacked, and through gzip. */
export function sizeOf({ layers, config }: ImageArchive): ImageSize {
  const made = (config.history ?? []).filter((one) => !one.empty_layer)
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0)
  return {
    uncompressedBytes: sum(layers.map((layer) => layer.uncompressedBytes)),
    compressedBytes: sum(layers.map((layer) => layer.compressedBytes)),
    layers: layers.map(({ uncompressedBytes, compressedBytes }, index) => ({
      instruction: (made[index]?.created_by ?? '').replace(/^\/bin\/sh -c (#\(nop\)\s+)?/, '').slice(0, 200),
      uncompressedBytes,
      compressedBytes,
    })),
    largest: [...visibleFiles(layers)]
      .sort((one, other) => other.sizeBytes - one.sizeBytes)
      .slice(0, LARGEST)
      .map(({ path, sizeBytes }) => ({ path, sizeBytes })),
  }
}

/** How a size changed, in words: `+1.2 MiB`, `none`; undefined where nothing is known of an earlier one. */
export function changeOf(bytes: number, previousBytes: number | undefined): string | undefined {
  if (previousBytes === undefined) return undefined
  const change = bytes - previousBytes
  if (change === 0) return 'none'
  return `${change > 0 ? '+' : '-'}${formatBytes(Math.abs(change))}`
}

/** Holds an image to its limit, and tells what it weighed the last time. */
export function sizeCheck(
  name: string,
  size: ImageSize,
  limit: number | undefined,
  previousBytes: number | undefined,
): Check {
  const { uncompressedBytes, compressedBytes, largest } = size
  const changed = changeOf(uncompressedBytes, previousBytes)
  const change =
    changed === undefined ? '' : `, ${changed === 'none' ? 'unchanged' : changed} since the last one`
  const detail = `${formatBytes(uncompressedBytes)}, ${formatBytes(compressedBytes)} in a registry${change}`
  const check = {
    id: `size/${name}`,
    title: `the image ${name} is small`,
    measured: { value: uncompressedBytes, unit: 'bytes' },
  } as const
  if (limit === undefined) return { ...check, verdict: 'pass', detail }
  const bound = { kind: 'at-most', value: limit, unit: 'bytes' } as const
  if (uncompressedBytes <= limit) return { ...check, verdict: 'pass', detail, limit: bound }
  const [first] = largest
  const most = first ? `; the largest file is ${first.path} with ${formatBytes(first.sizeBytes)}` : ''
  return { ...check, verdict: 'fail', detail: `${detail}${most}`, limit: bound }
}
