import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatBytes, formatDuration, formatQuantity, within } from '../../src/result/units.ts'

describe('figures as people read them', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1.0 MiB'],
    [12.34 * 1024 ** 2, '12.3 MiB'],
    [5 * 1024 ** 3, '5.0 GiB'],
    [-2048, '-2.0 KiB'],
    [3000 * 1024 ** 4, '3000.0 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  test.each([
    [0, '0 ms'],
    [12.4, '12 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1234, '1.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_900, '60 min'],
  ])('%d milliseconds are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test.each([
    [{ value: 2048, unit: 'bytes' }, '2.0 KiB'],
    [{ value: 1500, unit: 'ms' }, '1.5 s'],
    [{ value: 14.0451, unit: 'ratio' }, '14 times'],
    [{ value: 0.4567, unit: 'ratio' }, '0.457 times'],
    [{ value: 1234.5, unit: 'per-second' }, '1235/s'],
    [{ value: 8, unit: 'count' }, '8'],
  ] as const)('%j is written %s', (quantity, text) => {
    expect(formatQuantity(quantity)).toBe(text)
  })

  test('no size below a thousand TiB is written with more than four digits before its unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1000 * 1024 ** 4, noNaN: true }), (bytes) => {
        const [figure, unit] = formatBytes(bytes).split(' ')
        expect(['B', 'KiB', 'MiB', 'GiB', 'TiB']).toContain(unit)
        expect(Number(figure)).toBeLessThan(1024)
      }),
    )
  })

  test('of two sizes the larger is never written as the smaller', () => {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
    const read = (text: string) => {
      const [figure, unit] = text.split(' ')
      return Number(figure) * 1024 ** units.indexOf(unit ?? '')
    }
    const size = fc.nat({ max: 2 ** 40 })
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a]
        expect(read(formatBytes(small))).toBeLessThanOrEqual(read(formatBytes(large)))
      }),
    )
  })
})

describe('a figure held against its limit', () => {
  test('exactly the limit is within it, on either side', () => {
    const ten = { value: 10, unit: 'ratio' } as const
    expect(within(ten, { ...ten, kind: 'at-most' })).toBe(true)
    expect(within(ten, { ...ten, kind: 'at-least' })).toBe(true)
  })

  test('just beyond the limit is not', () => {
    const limit = { value: 10, unit: 'ratio' } as const
    expect(within({ value: 10.001, unit: 'ratio' }, { ...limit, kind: 'at-most' })).toBe(false)
    expect(within({ value: 9.999, unit: 'ratio' }, { ...limit, kind: 'at-least' })).toBe(false)
  })

  test('a figure that is no number is within nothing', () => {
    const limit = { value: 10, unit: 'ms' } as const
    expect(within({ value: Number.NaN, unit: 'ms' }, { ...limit, kind: 'at-most' })).toBe(false)
    expect(within({ value: Number.NaN, unit: 'ms' }, { ...limit, kind: 'at-least' })).toBe(false)
  })

  test('different units cannot be compared', () => {
    expect(() => within({ value: 1, unit: 'ms' }, { kind: 'at-most', value: 1, unit: 'bytes' })).toThrow(
      'cannot hold ms against bytes',
    )
  })
})
