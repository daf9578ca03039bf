import type { PipelineReport } from '../../model.ts'
import { html, type Markup } from '../markup.ts'
import { tableMarkup } from '../table.ts'
import { binarySizes } from './binary-sizes.ts'
import { imageSizes } from './image-sizes.ts'
import type { Plot, PlotOf } from './plot.ts'
import { stageTimes } from './stage-times.ts'
import { drawn } from './svg.ts'

/** Every plot that a page can have, in the order of the page. A stage that measures something adds its own. */
const PLOTS: readonly PlotOf[] = [binarySizes, imageSizes, stageTimes]

/** What was measured, as plots, each with its numbers as a table; nothing where nothing was. */
export async function plotsMarkup(report: PipelineReport): Promise<Markup | undefined> {
  const plots = PLOTS.map((plotOf) => plotOf(report)).filter((plot) => plot !== undefined)
  if (plots.length === 0) return undefined
  const figures = await Promise.all(plots.map(figure))
  return html`<section id="plots" aria-labelledby="plots-title">
<h2 id="plots-title">What was measured</h2>
${figures}
</section>`
}

async function figure(plot: Plot): Promise<Markup> {
  return html`<figure id="plot-${plot.id}">
<figcaption><h3>${plot.title}</h3>${plot.note === undefined ? undefined : html`<p class="quiet">${plot.note}</p>`}</figcaption>
${await drawn(plot, 'wide')}
${await drawn(plot, 'narrow')}
<details><summary>The numbers</summary>
${tableMarkup(plot.table)}</details>
</figure>`
}
