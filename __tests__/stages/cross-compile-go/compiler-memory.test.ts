import { totalmem } from 'node:os'
import { expect, test } from '@jest/globals'
import { compilerMemory } from '../../../src/stages/cross-compile-go/compiler-memory.ts'

test('the compilers that run side by side stay within half of the memory', () => {
  const { GOGC, GOMEMLIMIT } = compilerMemory({})
  expect(Number(GOGC)).toBeGreaterThan(100)
  expect(Number(GOMEMLIMIT)).toBeGreaterThan(0)
  expect(Number(GOMEMLIMIT)).toBeLessThanOrEqual(totalmem() / 2)
})

test.each([{ GOGC: '50' }, { GOGC: 'off' }, { GOMEMLIMIT: '1GiB' }])(
  'what the user sets is kept: %j',
  (set) => {
    expect(compilerMemory(set)).toEqual({})
  },
)
