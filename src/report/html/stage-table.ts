import { formatDuration } from '../../result/units.ts'
import { isOpen } from '../../result/verdict.ts'
import type { PipelineReport, StageReport } from '../model.ts'
import { spanMs } from '../span.ts'
import { shortened, visibleLine } from '../visible.ts'
import { html, type Markup } from './markup.ts'
import { verdictMarkup } from './verdict.ts'

/** Longest line that matters, in characters. The whole of it stands with its check. */
const MOST_OF_LINE = 400

/** One row for each stage: verdict, time and the one line that matters; of a red one also how to run it locally. */
export function stageTable({ stages, jobs }: PipelineReport): Markup {
  const withJobs = jobs.length > 0
  return html`<table class="stages"><caption>The stages in the order in which they run</caption>
<thead><tr><th scope="col">stage</th><th scope="col">verdict</th><th scope="col" class="number">time</th>${
    withJobs ? html`<th scope="col">job</th>` : undefined
  }<th scope="col">what matters</th></tr></thead>
<tbody>
${stages.map((stage) => stageRow(stage, withJobs))}</tbody></table>`
}

export function sectionOf({ stage }: StageReport): string {
  return `stage-${stage}`
}

/** How long a stage took, from the first part's start to the last one's end. */
export function timeOf({ results }: StageReport): string {
  const ms = spanMs(results)
  return ms === undefined ? '' : formatDuration(ms)
}

function stageRow(report: StageReport, withJobs: boolean): Markup {
  const { stage, verdict, job, local } = report
  return html`<tr data-verdict="${verdict}"><th scope="row"><a href="#${sectionOf(report)}">${stage}</a></th><td>${verdictMarkup(verdict)}</td><td class="number">${timeOf(report)}</td>${
    withJobs ? html`<td class="job">${job}</td>` : undefined
  }<td class="line">${shortened(visibleLine(whatMatters(report)), MOST_OF_LINE)}${
    isOpen(verdict) ? html`<div class="local">Run it locally: <code>${local}</code></div>` : undefined
  }</td></tr>\n`
}

/** Of a stage that is not green its cause; of a green one how much was asked. */
function whatMatters({ cause, results }: StageReport): string {
  if (cause !== undefined) return cause
  const asked = results.flatMap(({ checks }) => checks).filter(({ verdict }) => verdict !== 'skipped').length
  const parts = results.length > 1 ? ` in ${results.length} parts` : ''
  return results.length === 0 ? '' : `${asked} checks${parts}`
}
