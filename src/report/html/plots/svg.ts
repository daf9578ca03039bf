import { visibleLine } from '../../visible.ts'
import { escapeHtml, type Markup, trusted } from '../markup.ts'
import { type Drawing, type PageWidth, type Plot, WIDTHS } from './plot.ts'

/** The drawing of a plot as an SVG element of the page, with its numbers on the marks. */
export async function drawn(plot: Plot, page: PageWidth): Promise<Markup> {
  const { renderSvg } = await import('./echarts.ts')
  const { option, height, numbers } = plot.draw(page)
  const width = WIDTHS[page]
  const body = withNumbers(bodyOf(renderSvg(option, width, height)), numbers)
  const label = escapeHtml(visibleLine(plot.inWords))
  return trusted(
    `<svg class="plot ${page}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${body}</svg>`,
  )
}

/**
 * What is within the element, without styles: the page's policy lets none in but its own. In what echarts writes no
 * text of the project's holds a quote or an angle bracket, so the patterns meet only its own markup.
 */
function bodyOf(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>\s*<rect[^>]*><\/rect>/, '')
    .replace(/<style[^>]*>[\s\S]*?<\/style>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/ (?:style|class|pointer-events)="[^"]*"/g, '')
    .trim()
}

/** Puts on every mark what it stands for. */
function withNumbers(body: string, numbers: Drawing['numbers']): string {
  const mark = / ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"/g
  return body.replace(mark, (_, series: string, index: string) => {
    const text = numbers[Number(series)]?.[Number(index)]
    return text === undefined ? '' : ` data-numbers="${escapeHtml(visibleLine(text))}"`
  })
}
