import { html, type Markup } from './markup.ts'

type Cell = Markup | string

/** A table of the page. The first cell of a row names it. */
export interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Columns of numbers, from 0: set right, so that digits stand below each other. */
  readonly numbers?: readonly number[]
}

export function tableMarkup({ caption, head, rows, numbers = [] }: Table): Markup {
  const kind = (column: number) => (numbers.includes(column) ? 'number' : 'words')
  return html`<table><caption>${caption}</caption>
<thead><tr>${head.map((name, column) => html`<th scope="col" class="${kind(column)}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first = '', ...rest]) =>
    html`<tr><th scope="row">${first}</th>${rest.map((cell, index) => html`<td class="${kind(index + 1)}">${cell}</td>`)}</tr>\n`,
)}</tbody></table>`
}
