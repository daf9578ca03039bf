import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Locator } from 'playwright-core'
import { reportPage } from '../../../../src/report/html/index.ts'
import { type Colour, type Picture, startBrowser } from '../../../support/browser.ts'
import { describeWith } from '../../../support/needs.ts'
import { GREEN, RED } from '../../../support/reports.ts'

/** What WCAG asks of marks of a graphic against what is beside them. */
const LEAST_CONTRAST = 3
/** Of the box of a bar or a limit: a limit may stand across a bar. */
const LEAST_INK_OF_MARK = 0.5
/** Of the box around a word so much is ink at the least, in any font. */
const LEAST_INK_OF_WORD = 0.04

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface Part extends Box {
  readonly says: string
}

describeWith(['chromium'])('on a screenshot of a plot', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
  })

  const views = (['light', 'dark'] as const).flatMap((scheme) =>
    [1100, 360].map((width) => ({ scheme, width })),
  )

  test.each(views)(
    'every bar, limit, name and number is seen, whole ($scheme, $width px wide)',
    async (view) => {
      for (const report of [GREEN, RED]) {
        await using opened = await browser.open(await reportPage(report), view)
        const { page } = opened
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(view.width)
        for (const id of ['binary-sizes', 'image-sizes', 'stage-times']) {
          const plot = page.locator(`#plot-${id} svg:visible`)
          const picture = await browser.pictureOf(plot)
          const paper = mostFrequent(picture)
          expect(contrast(paper, view.scheme === 'light' ? [255, 255, 255] : [0, 0, 0])).toBeLessThan(1.3)
          const isInk = (x: number, y: number) => contrast(picture.colourAt(x, y), paper) >= LEAST_CONTRAST
          const marks = await boxesOf(plot, '[data-numbers]')
          const words = await boxesOf(plot, 'text')
          expect(marks.filter((mark) => inkIn(mark, isInk) < LEAST_INK_OF_MARK)).toEqual([])
          expect(words.filter((word) => inkIn(word, isInk) < LEAST_INK_OF_WORD)).toEqual([])
          expect([...marks, ...words].filter((part) => !isWithin(part, picture))).toEqual([])
          for (const quadrant of quadrantsOf(picture)) expect(inkIn(quadrant, isInk)).toBeGreaterThan(0)
        }
      }
    },
  )
})

/** Where the parts of a plot are on its screenshot, which begins at whole pixels, with what each says. */
async function boxesOf(plot: Locator, parts: string): Promise<readonly Part[]> {
  const whole = await plot.boundingBox()
  if (!whole) throw new Error('the plot is not there')
  const found = await plot.locator(parts).evaluateAll((all) =>
    all.map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect()
      return { says: part.getAttribute('data-numbers') ?? part.textContent ?? '', x, y, width, height }
    }),
  )
  expect(found.length).toBeGreaterThan(0)
  return found.map((part) => ({ ...part, x: part.x - Math.floor(whole.x), y: part.y - Math.floor(whole.y) }))
}

/** The share of the pixels of a box that are ink: of those that it covers whole, or of a thin one those that it meets. */
function inkIn(box: Box, isInk: (x: number, y: number) => boolean): number {
  const columns = pixelsIn(box.x, box.width)
  const rows = pixelsIn(box.y, box.height)
  const ink = rows.flatMap((y) => columns.filter((x) => isInk(x, y)))
  return ink.length / (rows.length * columns.length)
}

function pixelsIn(from: number, length: number): readonly number[] {
  const [whole, end] = [Math.ceil(from), Math.floor(from + length)]
  const [first, last] = whole < end ? [whole, end] : [Math.floor(from), Math.ceil(from + length)]
  return Array.from({ length: last - first }, (_, index) => first + index)
}

function quadrantsOf({ width, height }: Picture): readonly Box[] {
  const half = { width: Math.floor(width / 2), height: Math.floor(height / 2) }
  return [0, half.width].flatMap((x) => [0, half.height].map((y) => ({ x, y, ...half })))
}

/** Whether a part is not cut off at the edge; letters may reach a little over their box. */
function isWithin(part: Box, { width, height }: Picture): boolean {
  return (
    part.x >= -1 && part.y >= -1 && part.x + part.width <= width + 1 && part.y + part.height <= height + 1
  )
}

/** The colour of most pixels. */
function mostFrequent({ width, height, colourAt }: Picture): Colour {
  const counts = new Map<string, number>()
  for (let at = 0; at < width * height; at++) {
    const key = colourAt(at % width, Math.floor(at / width)).join()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one)
  const [red = 0, green = 0, blue = 0] = most?.[0].split(',').map(Number) ?? []
  return [red, green, blue]
}

/** From 1, which is none, to 21; as WCAG defines it. */
function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
