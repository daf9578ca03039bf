import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { reportPage } from '../../../src/report/html/index.ts'
import type { PipelineReport } from '../../../src/report/model.ts'
import type { Check } from '../../../src/result/stage-result.ts'
import { GREEN, HOSTILE, logText, PARTIAL, RED, resultOf, stageReport } from '../../support/reports.ts'

describe('the page of a report', () => {
  test('begins with the verdict and has every stage with its cause and how to run it locally', async () => {
    const page = await reportPage(RED)
    expect(page).toMatch(
      /<h1><span class="verdict fail">.*Failed in cross-compile-go and docker-smoke; 1 of 2 parts/,
    )
    for (const { stage } of RED.stages) expect(page).toContain(`<code>mesh-actions run ${stage}</code>`)
    expect(page).toContain('<p class="cause">1 of 2 parts left no evidence of this attempt</p>')
  })

  test('of a part of the pipeline says what was left out', async () => {
    expect(await reportPage(PARTIAL)).toContain('the verdict is one over the others alone: docker-smoke.')
  })

  test('lets nothing but its own style and script run, by their hashes', async () => {
    const page = await reportPage(RED)
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/
      .exec(page)?.[1]
      ?.replaceAll('&#39;', "'")
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const scripts = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script)
    expect(policy).toContain(`default-src 'none'; style-src ${hash(style)}; script-src ${hash(scripts[0])};`)
    expect(scripts).toHaveLength(1)
    expect(page.match(/<style|<link|<img|<iframe|<object| style=| on[a-z]+=(?!&)/g)).toEqual(['<style'])
  })

  test('has no text of the project unescaped', async () => {
    const page = await reportPage(RED)
    expect(page).not.toContain(HOSTILE.slice(0, 20))
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
    expect(page).toContain('&lt;/script&gt;&lt;script&gt;window.owned=1')
  })

  test('is the same for the same report', async () => {
    expect(await reportPage(GREEN)).toBe(await reportPage(GREEN))
  })
})

describe('a page of a report that is too big', () => {
  const check = (verdict: Check['verdict'], index: number): Check => ({
    id: `a/${index}`,
    title: `${verdict} check ${index} <`,
    verdict,
    detail: '<&"'.repeat(2000),
  })
  const many = (verdict: Check['verdict'], count: number) =>
    Array.from({ length: count }, (_, index) => check(verdict, index))
  const report = (checks: readonly Check[], log = ''): PipelineReport => ({
    ...GREEN,
    stages: GREEN.stages.map(({ stage }) =>
      stageReport(stage, [resultOf(stage, checks)], { logs: [logText('a.log', log), logText('b.log', log)] }),
    ),
  })

  test('keeps under 2 MB with logs of any size, and keeps their ends', async () => {
    const page = await reportPage(report([check('pass', 1)], `${'<&>"\n'.repeat(300_000)}the end\n`))
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
    expect(page.match(/\nthe end<\/pre>/g)?.length).toBeGreaterThanOrEqual(7)
  })

  test('keeps every red check of a few in sight, and says how many of the green ones are not there', async () => {
    const page = await reportPage(report([...many('pass', 700), ...many('fail', 20)]))
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000)
    expect(page.match(/<tr data-check data-verdict="fail">/g)).toHaveLength(80)
    expect(page).toMatch(/and \d+ more, which the results as JSON hold/)
  })
})
