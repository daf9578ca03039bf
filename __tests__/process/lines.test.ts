import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LineSplitter } from '../../src/process/lines.ts'

const LONGEST = 64 * 1024

function linesOf(...chunks: readonly (Buffer | string)[]): string[] {
  const lines: string[] = []
  const splitter = new LineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.write(Buffer.from(chunk))
  splitter.end()
  return lines
}

/** The same bytes in pieces, cut at these places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

const places = fc.array(fc.nat(), { maxLength: 8 })
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '\n\n', 'word', 'é', '€', '𝄞', ' '),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''))

describe('a stream of bytes as lines', () => {
  test('the chunks it comes in change nothing', () => {
    fc.assert(
      fc.property(text, places, (whole, at) => {
        const bytes = Buffer.from(whole)
        expect(linesOf(...cutAt(bytes, at))).toEqual(linesOf(bytes))
      }),
      { numRuns: 500 },
    )
  })

  test('the chunks change nothing for bytes that are no UTF-8 either', () => {
    const byte = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(10, 13, 0xe2, 0x82, 0xac, 0xf0, 0x9f))
    fc.assert(
      fc.property(fc.array(byte), places, (given, at) => {
        const bytes = Buffer.from(given)
        expect(linesOf(...cutAt(bytes, at))).toEqual(linesOf(bytes))
      }),
      { numRuns: 500 },
    )
  })

  test('the lines are those between LF, CR LF and lone CR, and nothing else is lost', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const bytes = Buffer.from(whole)
        const expected = bytes.toString('utf8').split(/\r\n|\n|\r/)
        if (expected.at(-1) === '') expected.pop()
        expect(linesOf(bytes)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    [['a\nb\n'], ['a', 'b']],
    [['a\r\nb'], ['a', 'b']],
    [['10%\r20%\r'], ['10%', '20%']],
    [
      ['a\r', '\nb'],
      ['a', 'b'],
    ],
    [
      ['a\r', 'b'],
      ['a', 'b'],
    ],
    [['\n\n'], ['', '']],
    [['\r'], ['']],
    [[], []],
    [['', ''], []],
  ])('%j is %j', (chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines)
  })

  test('a character that is cut in two by its chunks stays whole', () => {
    const bytes = Buffer.from('€\n𝄞')
    expect(linesOf(...Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(['€', '𝄞'])
  })

  test('a line is handed out as soon as it is there', () => {
    const lines: string[] = []
    const splitter = new LineSplitter((line) => lines.push(line))
    splitter.write(Buffer.from('first\nsec'))
    expect(lines).toEqual(['first'])
    splitter.write(Buffer.from('ond\n'))
    expect(lines).toEqual(['first', 'second'])
  })
})

describe('a line without end', () => {
  test('is cut into pieces of 64 Ki, however it comes', () => {
    const length = fc.integer({ min: LONGEST - 2, max: 2 * LONGEST + 2 })
    fc.assert(
      fc.property(length, fc.constantFrom('', '\n', '\r\n', '\rx'), places, (count, after, at) => {
        const line = 'a'.repeat(count)
        const bytes = Buffer.from(line + after)
        const lines = linesOf(...cutAt(bytes, at))
        expect(lines.join('')).toBe(line + after.trim())
        expect(Math.max(...lines.map((one) => one.length))).toBe(Math.min(count, LONGEST))
        expect(lines).toHaveLength(Math.ceil(count / LONGEST) + (after === '\rx' ? 1 : 0))
      }),
      { numRuns: 60 },
    )
  })

  test('is handed out before it ends, so that it does not fill the memory', () => {
    const lines: string[] = []
    const splitter = new LineSplitter((line) => lines.push(line))
    for (let chunk = 0; chunk < 10; chunk++) splitter.write(Buffer.alloc(LONGEST, 'a'))
    expect(lines.length).toBeGreaterThanOrEqual(9)
  })

  test('is not cut within a character', () => {
    const line = `${'a'.repeat(LONGEST - 1)}𝄞b`
    expect(linesOf(line)).toEqual(['a'.repeat(LONGEST - 1), '𝄞b'])
    expect(linesOf(...cutAt(Buffer.from(`${line}\n`), [LONGEST - 1, LONGEST, LONGEST + 1]))).toEqual(
      linesOf(line),
    )
  })
})
