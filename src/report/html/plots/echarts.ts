import { BarChart, ScatterChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

/**
 * An option of echarts as SVG, drawn without a DOM; width and height in pixels. Only the kinds of charts that are
 * named here are in the bundle. This file is heavy: it is loaded when something is drawn.
 */
export function renderSvg(option: EChartsCoreOption, width: number, height: number): string {
  use([BarChart, ScatterChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ ...option, animation: false })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
