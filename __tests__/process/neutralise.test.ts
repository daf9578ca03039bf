import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { neutralise, OUTPUT_PREFIX } from '../../src/process/neutralise.ts'

const ESCAPE = '\u001b'
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '::',
          '::set-output name=a::b',
          '##[',
          '##',
          '#',
          '[',
          '[error]x',
          '\r',
          '\n',
          '\t',
          ' ',
          '\u00a0',
          '\u2003',
          '\u2028',
          '\u2029',
          '\u0085',
          '\u0000',
          '\u200b',
          '\ufeff',
          ESCAPE,
          `${ESCAPE}[31m`,
          `${ESCAPE}]0;title\u0007`,
          '\u009b2J',
          '\b',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)

describe("a line of a child's output", () => {
  test('whatever it is, runs no workflow command', () => {
    fc.assert(
      fc.property(hostile, (line) => {
        const printed = neutralise(line)
        expect(printed.replace(/^[\s\p{White_Space}\p{Cc}\p{Cf}]+/u, '')).not.toMatch(/^::/)
        expect(printed).not.toContain('##[')
      }),
      { numRuns: 1000 },
    )
  })

  test('whatever it is, stays one line and sends nothing to the terminal', () => {
    fc.assert(
      fc.property(hostile, (line) => {
        expect(neutralise(line)).not.toMatch(/[^\P{Cc}\t]|[\u2028\u2029]/u)
      }),
      { numRuns: 1000 },
    )
  })

  test('a plain line is only set behind the prefix', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .:;,äß€𝄞/()"'=\t-]*$/u), (line) => {
        expect(neutralise(line)).toBe(OUTPUT_PREFIX + line)
      }),
    )
  })

  test.each([
    ['::error::forged', '  | ::error::forged'],
    ['  ##[error]forged ##[debug]', '  |   ## [error]forged ## [debug]'],
    [`#${ESCAPE}[1m#${ESCAPE}[0m[error]`, '  | ## [error]'],
    [`#\u0000#\r[error]`, '  | ## [error]'],
    [`${ESCAPE}[31mred${ESCAPE}[0m`, '  | red'],
    [`${ESCAPE}[2K${ESCAPE}[1Apass`, '  | pass'],
    ['col\tumns', '  | col\tumns'],
    ['', '  | '],
  ])('%j is printed as %j', (line, printed) => {
    expect(neutralise(line)).toBe(printed)
  })
})
