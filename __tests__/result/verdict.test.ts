import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { overall, VERDICTS, worse } from '../../src/result/verdict.ts'

const verdict = fc.constantFrom(...VERDICTS)

describe('the verdict algebra', () => {
  test('the order of two verdicts does not matter', () => {
    fc.assert(fc.property(verdict, verdict, (a, b) => worse(a, b) === worse(b, a)))
  })

  test('how verdicts are grouped does not matter', () => {
    fc.assert(
      fc.property(verdict, verdict, verdict, (a, b, c) => worse(a, worse(b, c)) === worse(worse(a, b), c)),
    )
  })

  test('a skipped check changes nothing, and a check asked twice counts once', () => {
    fc.assert(fc.property(verdict, (a) => worse(a, 'skipped') === a && worse(a, a) === a))
  })

  test('one failure among any others is a failure', () => {
    fc.assert(fc.property(fc.array(verdict), (others) => overall([...others, 'fail']) === 'fail'))
  })

  test('green needs at least one pass and nothing worse', () => {
    fc.assert(
      fc.property(fc.array(verdict), (all) => {
        const green = all.includes('pass') && all.every((one) => one === 'pass' || one === 'skipped')
        expect(overall(all) === 'pass').toBe(green)
      }),
    )
  })

  test('nothing at all, and nothing but skipped checks, is inconclusive', () => {
    expect(overall([])).toBe('inconclusive')
    expect(overall(['skipped', 'skipped'])).toBe('inconclusive')
  })
})
