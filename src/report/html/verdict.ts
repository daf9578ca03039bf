import type { Verdict } from '../../result/verdict.ts'
import { html, type Markup } from './markup.ts'

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', inconclusive: '?', skipped: '–' }

/** A verdict as a word with a sign; its colour only repeats it. */
export function verdictMarkup(verdict: Verdict): Markup {
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${SIGNS[verdict]}</span> ${verdict}</span>`
}
