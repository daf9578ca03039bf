import type { EChartsCoreOption } from 'echarts/core'
import type { PipelineReport } from '../../model.ts'
import type { Table } from '../table.ts'

/** A plot, and the same in words and numbers for whoever does not see it. */
export interface Plot {
  /** Stable, for links: binary-sizes. */
  readonly id: string
  readonly title: string
  /** What the plot shows, in a sentence, with its extremes. */
  readonly inWords: string
  /** How to read it, where that is not plain. */
  readonly note?: string | undefined
  readonly draw: (page: PageWidth) => Drawing
  /** All numbers that are drawn. */
  readonly table: Table
}

/** A plot is drawn twice, for a screen and for a phone: its letters keep their size. */
export type PageWidth = 'wide' | 'narrow'

/** In CSS pixels. */
export const WIDTHS: Readonly<Record<PageWidth, number>> = { wide: 720, narrow: 328 }

export interface Drawing {
  readonly option: EChartsCoreOption
  /** In CSS pixels. */
  readonly height: number
  /** What is shown while the pointer is on a mark: of each series, of each of its data. */
  readonly numbers: readonly (readonly string[])[]
}

/** Draws from what the stages found; undefined where they found nothing of the kind. */
export type PlotOf = (report: PipelineReport) => Plot | undefined
