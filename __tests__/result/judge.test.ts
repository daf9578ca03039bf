import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cause, describe as describeCheck, type Findings, judge, kindOf } from '../../src/result/judge.ts'
import type { Check } from '../../src/result/stage-result.ts'
import { VERDICTS } from '../../src/result/verdict.ts'

const built: Check = { id: 'built/registry/linux-amd64', title: 'registry builds', verdict: 'pass' }
const starts: Check = { id: 'starts/registry', title: 'registry starts', verdict: 'pass' }

function findings(checks: readonly Check[], required: readonly string[] = []): Findings<null> {
  return {
    stage: 'cross-compile-go',
    attempt: 1,
    commit: 'unknown',
    startedAt: new Date('2026-01-02T03:04:05.000Z'),
    endedAt: new Date('2026-01-02T03:04:06.500Z'),
    checks,
    required,
    tools: {},
    data: null,
  }
}

describe('judging a stage', () => {
  test('a stage whose required kinds all passed is green', () => {
    const result = judge(findings([built, starts], ['built', 'starts']))
    expect(result.verdict).toBe('pass')
    expect(result.checks).toEqual([built, starts])
  })

  test('a required kind that nobody answered makes the stage inconclusive and is named', () => {
    const result = judge(findings([built], ['built', 'starts']))
    expect(result.verdict).toBe('inconclusive')
    expect(cause(result)).toBe('Required check "starts": nothing was checked')
  })

  test('a kind counts as answered only by its whole name', () => {
    const result = judge(findings([{ ...built, id: 'built-twice/registry' }], ['built']))
    expect(result.verdict).toBe('inconclusive')
  })

  test('a required kind of which every check was skipped does not stand in for one that ran', () => {
    expect(judge(findings([{ ...built, verdict: 'skipped' }], ['built'])).verdict).toBe('inconclusive')
  })

  test('a failure outweighs a required kind that nobody answered', () => {
    const result = judge(findings([{ ...built, verdict: 'fail' }], ['built', 'starts']))
    expect(result.verdict).toBe('fail')
  })

  test('no stage is green unless every required kind has a check', () => {
    const kinds = fc.constantFrom('built', 'starts', 'size', 'identity')
    const checks = fc.array(fc.record({ kind: kinds, verdict: fc.constantFrom(...VERDICTS) }))
    fc.assert(
      fc.property(checks, fc.uniqueArray(kinds), (given, required) => {
        const all = given.map(({ kind, verdict }): Check => ({ id: `${kind}/x`, title: kind, verdict }))
        const green = judge(findings(all, required)).verdict === 'pass'
        const answered = required.every((kind) => given.some((check) => check.kind === kind))
        expect(green && !answered).toBe(false)
        if (answered && all.length > 0 && all.every(({ verdict }) => verdict === 'pass'))
          expect(green).toBe(true)
      }),
    )
  })

  test('the time it took is the difference of its ends, and never below nothing when a clock was set back', () => {
    expect(judge(findings([built])).durationMs).toBe(1500)
    expect(judge(findings([built])).startedAt).toBe('2026-01-02T03:04:05.000Z')
    const back = { ...findings([built]), endedAt: new Date('2026-01-02T03:00:00.000Z') }
    expect(judge(back).durationMs).toBe(0)
  })

  test('a part is named when there is one', () => {
    expect(judge({ ...findings([built]), shard: '2/4' }).shard).toBe('2/4')
    expect(judge(findings([built]))).not.toHaveProperty('shard')
  })
})

describe('the cause of a verdict', () => {
  test('a green stage has none', () => {
    expect(cause(judge(findings([built])))).toBeUndefined()
  })

  test('the first failed check is the cause, whatever inconclusive ones stand before it', () => {
    const result = judge(
      findings([
        { ...built, verdict: 'inconclusive', detail: 'no compiler' },
        { ...starts, verdict: 'fail', detail: 'exit code 1' },
      ]),
    )
    expect(cause(result)).toBe('registry starts: exit code 1')
  })

  test('how many more there are of the same kind is said', () => {
    const red: Check = { ...built, verdict: 'fail', detail: 'does not compile' }
    expect(cause(judge(findings([red, starts, red, red])))).toBe(
      'registry builds: does not compile (and 2 more)',
    )
  })
})

describe('a check in one line', () => {
  test('place, question, what was found and what would mend it stand in this order', () => {
    const line = describeCheck({
      ...built,
      verdict: 'fail',
      detail: 'undefined: x',
      fix: 'declare x',
      location: { file: 'cmd/main.go', line: 7 },
    })
    expect(line).toBe('cmd/main.go:7: registry builds: undefined: x; declare x')
  })

  test('without a detail the verdict itself is said', () => {
    expect(describeCheck({ ...built, verdict: 'inconclusive' })).toBe('registry builds: inconclusive')
  })

  test('the kind of a check is what stands before its first slash', () => {
    expect(kindOf({ id: 'built/registry/linux-amd64' })).toBe('built')
    expect(kindOf({ id: 'reproducible' })).toBe('reproducible')
  })
})
