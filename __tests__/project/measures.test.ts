import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseDuration, parseSize } from '../../src/project/measures.ts'

const MS = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }
const BYTES = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

const figure = fc.nat({ max: 100_000 })
const space = fc.constantFrom('', ' ')
const unitOf = (units: object) => fc.constantFrom(...(Object.entries(units) as [string, number][]))

describe('durations and sizes as they are written', () => {
  test('a whole number of any unit is that many milliseconds', () => {
    fc.assert(
      fc.property(figure, space, unitOf(MS), (value, gap, [unit, ms]) => {
        expect(parseDuration(`${value}${gap}${unit}`)).toBe(value * ms)
      }),
    )
  })

  test('a whole number of any unit is that many bytes', () => {
    fc.assert(
      fc.property(figure, space, unitOf(BYTES), (value, gap, [unit, bytes]) => {
        expect(parseSize(`${value}${gap}${unit}`)).toBe(value * bytes)
      }),
    )
  })

  test('parts of a unit count, and a size is a whole number of bytes', () => {
    expect(parseDuration('1.5h')).toBe(5_400_000)
    expect(parseSize('1.5KiB')).toBe(1536)
    expect(parseSize('0.3B')).toBe(0)
    fc.assert(
      fc.property(figure, figure, unitOf(BYTES), (whole, part, [unit]) => {
        expect(Number.isInteger(parseSize(`${whole}.${part}${unit}`))).toBe(true)
      }),
    )
  })

  test('decimal and binary units are not the same', () => {
    expect(parseSize('50MB')).toBe(50_000_000)
    expect(parseSize('50MiB')).toBe(52_428_800)
  })

  test.each([
    '',
    '30',
    's',
    '-1s',
    '+1s',
    '1.s',
    '.5s',
    '1e3s',
    '1,5s',
    '1 500ms',
    '30 s x',
    '30sec',
    '30S',
    '5M',
    '1d',
    '0x10s',
    '30s\n40s',
    '1  s',
    `${'9'.repeat(400)}h`,
  ])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  test.each(['', '40', '40mb', '40Mb', '40M', 'MiB', '-1B', '1TB', '40 Mi B', '40constructor', '40toString'])(
    '%j is no size',
    (text) => {
      expect(parseSize(text)).toBeUndefined()
    },
  )

  test('any other text gives undefined, and never a figure that is no number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = /^\s*\d+(\.\d+)?\s?[a-z]+\s*$/i.test(text)
        for (const figure of [parseDuration(text), parseSize(text)]) {
          if (!written) expect(figure).toBeUndefined()
          else if (figure !== undefined) expect(Number.isFinite(figure)).toBe(true)
        }
      }),
    )
  })
})
