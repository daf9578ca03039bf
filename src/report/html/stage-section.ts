import type { StageResult } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'
import type { StageReport } from '../model.ts'
import { shortened } from '../visible.ts'
import { checksMarkup } from './checks.ts'
import type { Detail } from './detail.ts'
import type { FoldedLogs } from './logs.ts'
import { html, type Markup } from './markup.ts'
import { sectionOf, timeOf } from './stage-table.ts'
import { verdictMarkup } from './verdict.ts'

/** All that is known of one stage: its cause, each part's checks, its logs, how to run it in a terminal. */
export function stageSection(report: StageReport, detail: Detail, logs: FoldedLogs): Markup {
  const { stage, verdict, cause, results, local } = report
  const id = sectionOf(report)
  const time = timeOf(report)
  const used = toolsOf(results)
  return html`<section class="stage" id="${id}" aria-labelledby="${id}-title" data-verdict="${verdict}">
<h3 id="${id}-title">${stage} ${verdictMarkup(verdict)}${time ? html` <span class="quiet">${time}</span>` : undefined}</h3>
${cause === undefined ? undefined : html`<p class="cause">${shortened(cause, detail.text)}</p>`}
${results.length === 0 ? html`<p class="quiet">It left no evidence.</p>` : undefined}
${results.map((result) => partMarkup(result, detail, results.length > 1))}
${report.logs.map((log) => logs.get(log))}
<p class="local quiet">Run it locally: <code>${local}</code>${used.length > 0 ? `; here it ran with ${shortened(used.join(', '), detail.text)}` : undefined}</p>
</section>`
}

function partMarkup(result: StageResult, detail: Detail, ofSeveral: boolean): Markup {
  const { stage, shard, verdict, durationMs } = result
  const name = shard === undefined ? stage : `${stage}, part ${shard}`
  const heading = html`<h4>Part ${shard} ${verdictMarkup(verdict)} <span class="quiet">${formatDuration(durationMs)}</span></h4>`
  return html`<div class="part" data-verdict="${verdict}">${ofSeveral ? heading : undefined}${checksMarkup(result, detail, name)}</div>`
}

/** Each tool with its version, once for all parts; go tells its own name: go1.26.1. */
function toolsOf(results: readonly StageResult[]): readonly string[] {
  const tools = results.flatMap((result) => Object.entries(result.tools))
  return [
    ...new Set(tools.map(([tool, version]) => (version.startsWith(tool) ? version : `${tool} ${version}`))),
  ]
}
