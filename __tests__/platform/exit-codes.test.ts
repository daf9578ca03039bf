import { describe, expect, test } from '@jest/globals'
import { EXIT, exitCode } from '../../src/platform/exit-codes.ts'
import { VERDICTS } from '../../src/result/verdict.ts'

describe('exit codes', () => {
  test('each verdict has the one that the documentation promises', () => {
    expect(Object.fromEntries(VERDICTS.map((verdict) => [verdict, exitCode(verdict)]))).toEqual({
      pass: 0,
      fail: 1,
      inconclusive: 3,
      skipped: 0,
    })
  })

  test('mistakes and interruptions are told apart from every verdict', () => {
    const codes = [EXIT.configuration, EXIT.interrupted]
    expect(codes).toEqual([2, 130])
    for (const verdict of VERDICTS) expect(codes).not.toContain(exitCode(verdict))
  })
})
