import type { Check, StageResult } from '../../result/stage-result.ts'
import { isOpen } from '../../result/verdict.ts'
import { measuredInWords } from '../measured.ts'
import { shortened } from '../visible.ts'
import type { Detail } from './detail.ts'
import { html, type Markup } from './markup.ts'
import { verdictMarkup } from './verdict.ts'

/** The checks of one part with their evidence: what is red in sight and the failures first, the rest folded. */
export function checksMarkup({ checks }: StageResult, detail: Detail, name: string): Markup {
  const red = checks
    .filter((check) => isOpen(check.verdict))
    .sort((one, other) => Number(one.verdict !== 'fail') - Number(other.verdict !== 'fail'))
  const green = checks.filter((check) => !isOpen(check.verdict))
  const skipped = green.filter((check) => check.verdict === 'skipped').length
  const counted = `${green.length - skipped} passed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return html`${
    red.length > 0
      ? checkTable(red, detail.red, detail.text, `Checks of ${name} that failed or are inconclusive`)
      : undefined
  }${
    green.length > 0
      ? html`<details class="green"><summary>${counted}</summary>
${checkTable(green, detail.green, detail.text / 4, `Checks of ${name} that passed or were skipped`)}</details>`
      : undefined
  }`
}

function checkTable(checks: readonly Check[], most: number, text: number, caption: string): Markup {
  const rest = checks.length - most
  return html`<table class="checks"><caption>${caption}</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">check</th><th scope="col">found</th></tr></thead>
<tbody>
${checks.slice(0, most).map((check) => checkRow(check, text))}</tbody></table>
${rest > 0 ? html`<p class="quiet">and ${rest} more, which the results as JSON hold</p>` : undefined}`
}

function checkRow(check: Check, most: number): Markup {
  const cut = (text: string) => shortened(text, most)
  const measured = measuredInWords(check)
  const evidence = [
    check.detail === undefined ? undefined : html`<div class="said">${cut(check.detail)}</div>`,
    measured === undefined ? undefined : html`<div class="quiet">${measured}</div>`,
    check.location && html`<div><code>${cut(placeOf(check.location))}</code></div>`,
    check.fix === undefined ? undefined : html`<div><b>Fix:</b> ${cut(check.fix)}</div>`,
  ]
  return html`<tr data-check data-verdict="${check.verdict}"><td>${verdictMarkup(check.verdict)}</td><th scope="row">${cut(check.title)}<code class="id">${cut(check.id)}</code></th><td>${evidence}</td></tr>\n`
}

function placeOf({ file, line, column }: NonNullable<Check['location']>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}
