import { shortName, visibleLine } from '../../visible.ts'
import type { Drawing, PageWidth } from './plot.ts'

export interface Bar {
  readonly name: string
  /** From zero on, one after the other; in the unit of all bars. */
  readonly segments: readonly Segment[]
  /** The whole with its unit, which stands beside the bar. */
  readonly total: string
  /** Drawn as a line across the bar. */
  readonly limit?: Segment | undefined
  readonly isOver?: boolean
}

interface Segment {
  readonly value: number
  /** What is shown while the pointer is on it. */
  readonly numbers: string
}

/** A letter of 12 px takes about this much. echarts has no fonts to measure by where there is no DOM. */
const LETTER = 7
const THICKNESS = 12
/** Between a bar and its name or number; a limit's line may stand at its end. */
const MARGIN = 16

/** Name, bar, number: beside each other on a wide page, the bar below the other two on a narrow one. */
const LAYOUT = {
  wide: { row: 26, mostLetters: 36, below: 0 },
  narrow: { row: 40, mostLetters: 34, below: 18 },
} as const satisfies Readonly<Record<PageWidth, unknown>>

/**
 * Horizontal bars on a common scale that begins at zero, each with its name and its number, so that no axis is needed.
 */
export function drawBars(bars: readonly Bar[], page: PageWidth): Drawing {
  const { row, mostLetters, below } = LAYOUT[page]
  const isNarrow = page === 'narrow'
  const totals = bars.map((bar) => bar.total)
  const names = bars.map((bar) => shortName(visibleLine(bar.name), mostLetters))
  const room = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length)) * LETTER + MARGIN
  const left = isNarrow ? 1 : room(names)
  const right = isNarrow ? 1 : room(totals)
  const height = bars.length * row + 4
  const label = {
    color: 'currentColor',
    fontSize: 12,
    interval: 0,
    ...(isNarrow
      ? { inside: true, margin: 0, verticalAlign: 'bottom', padding: [0, 0, 10, 0] }
      : { margin: MARGIN - 4 }),
  }
  const axis = { type: 'category', inverse: true, axisTick: { show: false } } as const
  const segments = Array.from({ length: Math.max(...bars.map((bar) => bar.segments.length)) }, (_, index) =>
    bars.map((bar) => bar.segments[index]),
  )
  return {
    height,
    option: {
      grid: { left, right, top: 2 + below / 2, bottom: 2 - below / 2, outerBoundsMode: 'none' },
      xAxis: { type: 'value', min: 0, max: longest(bars), show: false },
      yAxis: [
        {
          ...axis,
          data: names,
          axisLabel: { ...label, align: isNarrow ? 'left' : 'right' },
          axisLine: isNarrow ? { show: false } : BASELINE,
        },
        {
          ...axis,
          data: totals,
          position: 'right',
          axisLabel: { ...label, align: isNarrow ? 'right' : 'left' },
          axisLine: { show: false },
        },
      ],
      series: [
        ...segments.map((ofBars, part) => ({
          type: 'bar',
          stack: 'bar',
          barWidth: THICKNESS,
          data: ofBars.map((segment, index) => ({
            value: segment?.value ?? '-',
            itemStyle: {
              color: bars[index]?.isOver ? 'var(--over)' : 'var(--bar)',
              // Parts beside each other are told apart by how strong they are; a border would hide a thin one.
              opacity: part % 2 === 0 ? 1 : 0.7,
            },
          })),
        })),
        {
          type: 'scatter',
          symbol: 'rect',
          symbolSize: [2, THICKNESS + (isNarrow ? 4 : 8)],
          itemStyle: { color: 'currentColor', opacity: 1 },
          z: 3,
          data: bars.map((bar, index) => [bar.limit?.value ?? '-', index]),
        },
      ],
    },
    numbers: [
      ...segments.map((ofBars) => ofBars.map((segment) => segment?.numbers ?? '')),
      bars.map((bar) => bar.limit?.numbers ?? ''),
    ],
  }
}

const BASELINE = { show: true, onZero: false, lineStyle: { color: 'currentColor', width: 1 } } as const

/** The value that the longest bar or the farthest limit stands for; above zero, so that there is a scale. */
function longest(bars: readonly Bar[]): number {
  const lengths = bars.map(({ segments }) => segments.reduce((sum, segment) => sum + segment.value, 0))
  return Math.max(...lengths, ...bars.map((bar) => bar.limit?.value ?? 0)) || 1
}
