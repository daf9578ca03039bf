import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { judge } from '../../src/result/judge.ts'
import { stageResultSchema, UNITS } from '../../src/result/stage-result.ts'
import { STAGES } from '../../src/result/stages.ts'
import { VERDICTS } from '../../src/result/verdict.ts'

const quantity = {
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  unit: fc.constantFrom(...UNITS),
}

const check = fc.record(
  {
    id: fc.constantFrom('built', 'built/registry/linux-amd64', 'size-limit/cli'),
    title: fc.string(),
    verdict: fc.constantFrom(...VERDICTS),
    detail: fc.string(),
    fix: fc.string(),
    measured: fc.record(quantity),
    limit: fc.record({ kind: fc.constantFrom('at-most', 'at-least'), ...quantity }),
    location: fc.record({ file: fc.string(), line: fc.integer({ min: 1 }) }, { requiredKeys: ['file'] }),
  },
  { requiredKeys: ['id', 'title', 'verdict'] },
)

const findings = fc.record({
  stage: fc.constantFrom(...STAGES),
  shard: fc.constantFrom(undefined, '1/1', '2/4'),
  attempt: fc.integer({ min: 1, max: 9 }),
  commit: fc.constantFrom('unknown', '0'.repeat(40)),
  startedAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
  endedAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
  checks: fc.array(check),
  required: fc.subarray(['built', 'identity', 'size-limit']),
  tools: fc.constantFrom({}, { go: 'go1.24.1' }),
  data: fc.constantFrom(null, { binaries: [] }),
})

describe('the schema of a stage result', () => {
  test('whatever is judged fits it, and comes back the same from a file', () => {
    fc.assert(
      fc.property(findings, (given) => {
        const result = JSON.parse(JSON.stringify(judge(given)))
        expect(stageResultSchema.parse(result)).toEqual(result)
      }),
    )
  })

  const good = judge({
    stage: 'load-test',
    attempt: 1,
    commit: 'unknown',
    startedAt: new Date(0),
    endedAt: new Date(0),
    checks: [{ id: 'throughput', title: 'throughput', verdict: 'pass' }],
    required: [],
    tools: {},
    data: null,
  })

  test.each([
    ['a verdict of skipped', { verdict: 'skipped' }],
    ['an attempt before the first', { attempt: 0 }],
    ['a stage that does not exist', { stage: 'load' }],
    ['a part that is no part', { shard: '2-of-4' }],
    ['a negative duration', { durationMs: -1 }],
    ['another version of the schema', { schema: 2 }],
    ['checks that are not there', { checks: undefined }],
  ])('%s is refused', (_, change) => {
    expect(stageResultSchema.safeParse(good).success).toBe(true)
    expect(stageResultSchema.safeParse({ ...good, ...change }).success).toBe(false)
  })

  test.each(['', '/registry', 'Built', 'built/', 'built thing', '-built'])('%j is no id of a check', (id) => {
    const checks = [{ id, title: 'x', verdict: 'pass' }]
    expect(stageResultSchema.safeParse({ ...good, checks }).success).toBe(false)
  })
})
