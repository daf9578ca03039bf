import { expect, test } from '@jest/globals'
import { pipelineReport } from '../../src/report/report.ts'
import { pipelineSummary } from '../../src/report/summary.ts'
import { judge } from '../../src/result/judge.ts'
import type { Check } from '../../src/result/stage-result.ts'
import { evidenceOf, greenRun, stageResult } from '../support/pipeline.ts'

/** The summary of a run whose cross-compile-go came to these checks. */
function summaryWith(checks: readonly Check[]): string {
  const { evidence } = greenRun()
  const red = {
    ...stageResult('cross-compile-go', 'fail'),
    ...judge({
      ...{ stage: 'cross-compile-go', attempt: 1, required: [], tools: {}, data: {}, checks },
      commit: greenRun().commit,
      startedAt: new Date(0),
      endedAt: new Date(1),
    }),
  }
  return pipelineSummary(
    pipelineReport(
      greenRun({
        evidence: [...evidence.filter(({ stage }) => stage !== 'cross-compile-go'), evidenceOf(red)],
        needs: { 'build-go-binaries': { result: 'failure' } },
      }),
    ),
  )
}

test('a green pipeline is one sentence, a line for each stage and the course of its jobs', () => {
  const summary = pipelineSummary(pipelineReport(greenRun()))
  expect(summary).toMatch(/^## ✅ Everything that was asked is proven: 4 checks in 4 stages/)
  expect(summary).toContain('| ✅ | docker-smoke | 1 | 5.0 s |  |')
  expect(summary).toContain('| ➖ | load-test |  |  | not part of this version |')
  expect(summary).toContain('  section docker-build\n  docker-smoke :done, 1767261600000, 1767261605000')
  expect(summary).not.toContain('Run it locally')
})

test('a red one names every cause and how to see it in a terminal, and nothing of the project is Markdown in it', () => {
  const summary = summaryWith([
    { id: 'a', title: 'one', verdict: 'fail', detail: '<img src=x> `code`\n| cell' },
    { id: 'b', title: 'two', verdict: 'inconclusive', detail: 'unknown' },
    { id: 'c', title: 'three', verdict: 'pass' },
  ])
  expect(summary).toMatch(/^## ❌ cross-compile-go is red: one: /)
  expect(summary).toContain('- ❌ one: &lt;img src=x&gt; \\`code\\` \\| cell')
  expect(summary).toContain('- ❔ two: unknown')
  expect(summary).toContain('Run it locally: `mesh-actions run cross-compile-go`')
  expect(summary).not.toContain('<img')
})

test('however much is red, it stays below what GitHub takes, and says what it left out', () => {
  const long = 'x'.repeat(100_000)
  const checks = Array.from({ length: 5_000 }, (_, at): Check => {
    return { id: `a/${at}`, title: `check ${at}`, verdict: 'fail', detail: long }
  })
  const summary = summaryWith(checks)
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
  expect(summary).toMatch(/- and 4800 more|no room here/)
  expect(summary).toMatch(/^## ❌ cross-compile-go is red: check 0: /)
})
