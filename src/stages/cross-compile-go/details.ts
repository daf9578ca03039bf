import { escapeMarkdown, table } from '../../result/markdown.ts'
import { formatBytes } from '../../result/units.ts'
import type { Binary } from './manifest.ts'

/** The binaries with their sizes, and how these changed against the build given as previous, as Markdown. */
export function sizeTable(binaries: readonly Binary[]): string {
  if (binaries.length === 0) return ''
  const compared = binaries.some((binary) => binary.previousSizeBytes !== undefined)
  return table(
    ['binary', 'platform', 'size', ...(compared ? ['change'] : []), 'SHA-256'],
    binaries.map((binary) => [
      escapeMarkdown(binary.path),
      escapeMarkdown(binary.platform),
      formatBytes(binary.sizeBytes),
      ...(compared ? [change(binary)] : []),
      `\`${binary.sha256.slice(0, 16)}\``,
    ]),
  )
}

function change({ sizeBytes, previousSizeBytes }: Binary): string {
  if (previousSizeBytes === undefined) return 'new'
  const bytes = sizeBytes - previousSizeBytes
  return bytes === 0 ? 'none' : `${bytes > 0 ? '+' : ''}${formatBytes(bytes)}`
}
