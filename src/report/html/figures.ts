import { formatQuantity } from '../../result/units.ts'
import { changeInWords } from '../change.ts'
import type { Figure } from '../model.ts'
import { html, type Markup } from './markup.ts'
import { tableMarkup } from './table.ts'

/** The figures with their change on the default branch; nothing where there are none. */
export function figuresMarkup(figures: readonly Figure[]): Markup | undefined {
  if (figures.length === 0) return undefined
  const caption = 'Figures, and how they changed since the last other commit of the default branch'
  const head = ['figure', 'now', 'before', 'change']
  const rows = figures.map(({ title, measured, before }) => [
    title,
    formatQuantity(measured),
    before === undefined ? 'not known' : formatQuantity({ ...measured, value: before }),
    before === undefined ? '' : changeInWords(measured, before),
  ])
  return html`<section id="figures" aria-labelledby="figures-title">
<h2 id="figures-title">Figures</h2>
${tableMarkup({ caption, head, rows, numbers: [1, 2, 3] })}
</section>`
}
