import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { faultOfParts, partOf, type Shard } from '../../src/result/shard.ts'

const shard = (text: string): Shard => {
  const [index = 0, total = 0] = text.split('/').map(Number)
  return { index, total }
}

const whole = fc
  .integer({ min: 1, max: 6 })
  .map((total) => Array.from({ length: total }, (_, at) => ({ index: at + 1, total })))

test('what is shared out falls to each part once, as evenly as can be', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), whole, (all, parts) => {
      const shares = parts.map((part) => partOf(all, part))
      expect(shares.flat().sort()).toEqual([...all].sort())
      const lengths = shares.map(({ length }) => length)
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
      expect(partOf(all, undefined)).toEqual(all)
    }),
  )
})

describe('parts of a whole', () => {
  test.each([
    [['1/1'], undefined],
    [['2/2', '1/2'], undefined],
    [['1/2'], 'part 2/2 is missing'],
    [['1/4', '3/4'], 'parts 2/4, 4/4 are missing'],
    [['1/2', '2/3'], 'its parts are of different wholes: 1/2, 2/3'],
    [['1/2', '2/2', '3/3'], 'its parts are of different wholes: 1/2, 2/2, 3/3'],
    [['1/1', '1/2', '2/2'], 'its parts are of different wholes: 1/1, 1/2, 2/2'],
    [['1/2', '1/2', '2/2'], 'part 1/2 is there twice'],
    [['1/2', '2/2', '3/2'], 'there can be no part 3/2'],
    [['0/2', '1/2', '2/2'], 'there can be no part 0/2'],
    [['0/0'], 'there is no part of it'],
    [[], 'there is no part of it'],
  ])('%j: %s', (parts, fault) => {
    expect(faultOfParts(parts.map(shard))).toBe(fault)
  })

  test('any list of them is taken only when it is every part of one division', () => {
    const part = fc.record({ index: fc.integer({ min: 0, max: 4 }), total: fc.integer({ min: 0, max: 3 }) })
    fc.assert(
      fc.property(fc.oneof(fc.array(part, { maxLength: 5 }), whole), (parts) => {
        const total = parts[0]?.total ?? 0
        const complete =
          parts.length > 0 &&
          parts.length === total &&
          new Set(parts.map(({ index }) => index)).size === total &&
          parts.every((one) => one.total === total && one.index >= 1 && one.index <= total)
        expect(faultOfParts(parts) === undefined).toBe(complete)
      }),
    )
  })
})
