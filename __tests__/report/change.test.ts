import { expect, test } from '@jest/globals'
import { changeInWords } from '../../src/report/change.ts'

test('a change has its sign, its unit and its share of what was', () => {
  expect(changeInWords({ value: 3 * 1024, unit: 'bytes' }, 2 * 1024)).toBe('+1.0 KiB (+50.0 %)')
  expect(changeInWords({ value: 1000, unit: 'ms' }, 3000)).toBe('−2.0 s (−66.7 %)')
  expect(changeInWords({ value: 7, unit: 'ratio' }, 0)).toBe('+7 times')
  expect(changeInWords({ value: 7, unit: 'count' }, 7)).toBe('none')
})
