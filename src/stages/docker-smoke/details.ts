import { escapeMarkdown, table } from '../../result/markdown.ts'
import { formatBytes } from '../../result/units.ts'
import type { PreviousSizes } from './previous.ts'
import { changeOf, type ImageSize } from './size.ts'

type NamedSize = ImageSize & { readonly name: string }

/** The images with their sizes, their layers with the instructions that made them, and their largest files, as Markdown. */
export function imageTable(images: readonly NamedSize[], previous: PreviousSizes): string {
  if (images.length === 0) return ''
  const isCompared = images.some(({ name }) => previous.has(name))
  const sizes = table(
    ['image', 'size', 'in a registry', ...(isCompared ? ['change'] : [])],
    images.map(({ name, uncompressedBytes, compressedBytes }) => [
      escapeMarkdown(name),
      formatBytes(uncompressedBytes),
      formatBytes(compressedBytes),
      ...(isCompared ? [changeOf(uncompressedBytes, previous.get(name)) ?? 'new'] : []),
    ]),
  )
  return [
    sizes,
    ...images.flatMap(({ name, layers, largest }) => [layersOf(name, layers), filesOf(name, largest)]),
  ].join('\n\n')
}

function layersOf(name: string, layers: ImageSize['layers']): string {
  return table(
    [`layer of ${escapeMarkdown(name)}`, 'size', 'in a registry'],
    layers.map(({ instruction, uncompressedBytes, compressedBytes }) => [
      escapeMarkdown(instruction || 'of the base'),
      formatBytes(uncompressedBytes),
      formatBytes(compressedBytes),
    ]),
  )
}

function filesOf(name: string, files: ImageSize['largest']): string {
  return table(
    [`largest files of ${escapeMarkdown(name)}`, 'size'],
    files.map(({ path, sizeBytes }) => [escapeMarkdown(path), formatBytes(sizeBytes)]),
  )
}
