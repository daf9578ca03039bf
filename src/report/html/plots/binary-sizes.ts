import { z } from 'zod'
import { formatBytes } from '../../../result/units.ts'
import { changeInWords } from '../../change.ts'
import type { PipelineReport } from '../../model.ts'
import { type Bar, drawBars } from './bars.ts'
import type { Plot } from './plot.ts'
import { readResults } from './read-results.ts'
import { LIMIT_NOTE, sizeInWords, sizeLimit } from './size-limit.ts'

const schema = z.object({
  binaries: z.array(
    z.object({
      command: z.string(),
      platform: z.string(),
      sizeBytes: z.number().nonnegative(),
      previousSizeBytes: z.number().optional(),
    }),
  ),
})

/** The binaries of all parts by command and platform, on one scale. */
export function binarySizes(report: PipelineReport): Plot | undefined {
  const binaries = distinct(
    readResults(report, 'cross-compile-go', schema).flatMap((result) =>
      result.data.binaries.map((binary) => {
        const id = `size/${binary.command}/${binary.platform.replace('/', '-')}`
        return { ...binary, ...sizeLimit(result, id, binary.sizeBytes) }
      }),
    ),
  )
  const [least, most] = [binaries[0], binaries.at(-1)]
  if (!least || !most) return undefined
  const byCommand = binaries.toSorted((a, b) => (a.command < b.command ? -1 : a.command > b.command ? 1 : 0))
  const nameOf = (binary: (typeof binaries)[number]) => `${binary.command} ${binary.platform}`
  const bars = byCommand.map((binary): Bar => {
    const size = formatBytes(binary.sizeBytes)
    return {
      name: nameOf(binary),
      total: sizeInWords(binary.sizeBytes, binary.isOver),
      segments: [{ value: binary.sizeBytes, numbers: `${nameOf(binary)}: ${size}` }],
      limit: binary.limit,
      isOver: binary.isOver ?? false,
    }
  })
  const compared = binaries.some((binary) => binary.previousSizeBytes !== undefined)
  return {
    id: 'binary-sizes',
    title: 'Size of the binaries by platform',
    inWords: `Bars of ${binaries.length} binaries, from ${formatBytes(least.sizeBytes)} (${nameOf(least)}) to ${formatBytes(most.sizeBytes)} (${nameOf(most)}). The numbers stand in the table below.`,
    note: bars.some((bar) => bar.limit) ? LIMIT_NOTE : undefined,
    draw: (page) => drawBars(bars, page),
    table: {
      caption: 'Size of the binaries by platform',
      head: ['command', 'platform', 'size', 'limit', ...(compared ? ['change'] : [])],
      rows: byCommand.map((binary) => [
        binary.command,
        binary.platform,
        formatBytes(binary.sizeBytes),
        binary.limit ? formatBytes(binary.limit.value) : 'none',
        ...(compared ? [changed(binary.sizeBytes, binary.previousSizeBytes)] : []),
      ]),
      numbers: [2, 3, 4],
    },
  }
}

function changed(bytes: number, before: number | undefined): string {
  return before === undefined ? 'new' : changeInWords({ value: bytes, unit: 'bytes' }, before)
}

/** From small to large; what several parts built, as every part does for its own machine, is there once. */
function distinct<
  B extends { readonly command: string; readonly platform: string; readonly sizeBytes: number },
>(binaries: readonly B[]): readonly B[] {
  const byName = new Map(binaries.map((binary) => [`${binary.command} ${binary.platform}`, binary]))
  return [...byName.values()].sort((one, other) => one.sizeBytes - other.sizeBytes)
}
