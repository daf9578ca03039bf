import { afterAll, beforeAll, expect, test } from '@jest/globals'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { reportPage } from '../../../src/report/html/index.ts'
import { startBrowser } from '../../support/browser.ts'
import { describeWith } from '../../support/needs.ts'
import { GREEN, PARTIAL, RED } from '../../support/reports.ts'

const REPORTS = { green: GREEN, red: RED, partial: PARTIAL }

/** Opens every fold, so that what is in them is looked at as well. */
const UNFOLD = 'for (const fold of document.querySelectorAll("details")) fold.open = true'

describeWith(['chromium'])('the page in a browser', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
  })

  test.each(['green', 'red', 'partial'] as const)(
    'a %s one opens from a file, complains of nothing, asks for nothing and runs nothing of the project',
    async (name) => {
      await using opened = await browser.open(await reportPage(REPORTS[name]))
      const { page, complaints, requests, url } = opened
      await page.evaluate(UNFOLD)
      await page.hover('#plots svg:visible [data-numbers]')
      expect(await page.evaluate('window.owned')).toBeUndefined()
      expect(await page.locator('img, iframe, script').count()).toBe(1)
      expect(complaints).toEqual([])
      expect(requests).toEqual([url])
    },
  )

  test.each([1100, 360])(
    'at a width of %d every plot is there and has its numbers on hover',
    async (width) => {
      await using opened = await browser.open(await reportPage(RED), { width })
      const { page } = opened
      for (const id of ['binary-sizes', 'image-sizes', 'stage-times']) {
        const plot = page.locator(`#plot-${id} svg:visible`)
        expect(await plot.count()).toBe(1)
        expect(await plot.getAttribute('aria-label')).toContain('The numbers stand in the table below.')
        const marks = plot.locator('[data-numbers]')
        for (const mark of [marks.first(), marks.last()]) {
          const box = await mark.boundingBox()
          expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(0)
          await mark.hover({ force: true })
          expect(await page.textContent('#tip')).toBe(await mark.getAttribute('data-numbers'))
          expect(await page.isVisible('#tip')).toBe(true)
        }
      }
      await page.keyboard.press('Escape')
      expect(await page.isVisible('#tip')).toBe(false)
    },
  )

  test('the filter "only red" works by keyboard and says what it did', async () => {
    await using opened = await browser.open(await reportPage(RED))
    const { page } = opened
    const seen = () => page.locator('section.stage:visible').evaluateAll((all) => all.map(({ id }) => id))
    const all = RED.stages.map(({ stage }) => `stage-${stage}`)
    await page.keyboard.press('Tab')
    expect(await page.textContent(':focus')).toBe('Skip to the stages')
    expect((await page.locator(':focus').boundingBox())?.x).toBe(0)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.getAttribute(':focus', 'aria-pressed')).toBe('true')
    expect(await seen()).toEqual([
      'stage-cross-compile-go',
      'stage-go-python-integration',
      'stage-docker-smoke',
    ])
    expect(await page.locator('.stages tbody tr:visible').count()).toBe(3)
    expect(await page.locator('[data-check]:visible').count()).toBe(6)
    expect(await page.textContent('[role=status]')).toBe(
      'Showing 3 of 5 stages and 6 of 36 checks: what failed or is inconclusive.',
    )
    await page.keyboard.press('Space')
    expect(await page.getAttribute(':focus', 'aria-pressed')).toBe('false')
    expect(await seen()).toEqual(all)
    expect(await page.textContent('[role=status]')).toBe('Showing all 5 stages and all 36 checks.')
  })

  test('on a phone nothing is wider than the screen, whatever the names are', async () => {
    await using opened = await browser.open(await reportPage(RED), { width: 360 })
    await opened.page.evaluate(UNFOLD)
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })

  test('headings go down one step at a time, and every table has a caption and names its columns and rows', async () => {
    await using opened = await browser.open(await reportPage(RED))
    const levels = (await opened.page.evaluate(
      '[...document.querySelectorAll("h1, h2, h3, h4, h5")].map((one) => Number(one.tagName[1]))',
    )) as readonly number[]
    expect(levels[0]).toBe(1)
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
    expect(await opened.page.locator('table:not(:has(> caption))').count()).toBe(0)
    expect(await opened.page.locator('th:not([scope=col], [scope=row])').count()).toBe(0)
    expect(await opened.page.locator('tbody tr:not(:has(> th[scope=row]))').count()).toBe(0)
  })

  test('printed it is light and has every fold open', async () => {
    await using opened = await browser.open(await reportPage(RED), { scheme: 'dark', media: 'print' })
    const { page } = opened
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0)
    for (const log of await page.locator('pre').all())
      expect((await log.boundingBox())?.height).toBeGreaterThan(20)
    expect(await page.isVisible('#only-red')).toBe(false)
  })

  test.each([
    ['light', 1100],
    ['dark', 360],
  ] as const)(
    'axe finds nothing serious in the %s one at a width of %d, contrast among it',
    async (scheme, width) => {
      await using opened = await browser.open(await reportPage(RED), { scheme, width })
      await opened.page.evaluate(UNFOLD)
      // Pressed and let go, so that what the filter says is there.
      for (const _ of ['on', 'off']) await opened.page.click('#only-red')
      expect(await found(opened.page)).toEqual([])
    },
  )
})

/** What axe calls serious or critical, with the elements. It is evaluated, since the page's policy lets no script in. */
async function found(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations, passes } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as {
    readonly violations: readonly {
      readonly id: string
      readonly impact: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }[]
    readonly passes: readonly { readonly id: string }[]
  }
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}
