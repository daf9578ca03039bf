import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import {
  type Baseline,
  parseBaseline,
  printBaseline,
} from '../../../../src/stages/validate-python-ref/guard/baseline-file.ts'
import { unquotedPath } from '../../../../src/stages/validate-python-ref/guard/quoted-path.ts'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const plainPath = fc.stringMatching(/^[A-Za-z0-9_. -]{1,20}$/).filter((path) => !path.startsWith('"'))

const baseline = fc.record({
  files: fc.uniqueArray(
    fc.record({
      mode: fc.constantFrom('100644', '100755', '120000'),
      blob: fc.oneof(hex(40), hex(64)),
      path: plainPath,
    }),
    { selector: ({ path }) => path },
  ),
  withoutCode: fc.uniqueArray(fc.string()),
  surface: fc.uniqueArray(fc.stringMatching(/^[a-z_]\w*(\.[a-z_]\w*)*\([a-z, =']*\)$/)),
  tests: fc.uniqueArray(
    fc
      .tuple(
        fc.string(),
        fc.constantFrom({ skipped: true }, { skipped: false }, { skipped: false, notRun: true }),
      )
      .map(([id, how]) => ({ id, ...how })),
    { selector: ({ id }) => id },
  ),
  testsRun: fc.dictionary(fc.string(), fc.nat()),
})

test('whatever a baseline holds is read back, with any line ends', () => {
  fc.assert(
    fc.property(baseline, fc.constantFrom('\n', '\r\n'), ({ files, testsRun, ...rest }, end) => {
      const whole: Baseline = {
        ...rest,
        files: files.map((file) => ({ ...file, written: file.path })),
        testsRun: new Map(Object.entries(testsRun)),
      }
      const text = printBaseline(whole)
      const read = parseBaseline(text.replaceAll('\n', end), 'mesh.baseline')
      expect(printBaseline(read)).toBe(text)
      expect(new Set(read.withoutCode)).toEqual(new Set(whole.withoutCode))
      expect(new Set(read.tests)).toEqual(new Set(whole.tests))
      expect(read.testsRun).toEqual(whole.testsRun)
    }),
  )
})

test.each([
  ['', 1, 'no "version 1" in it'],
  ['hello\n', 1, 'expected "version 1", found "hello"'],
  ['version 2\n', 1, 'expected "version 1", found "version 2"'],
  ['version 1\n[fils]\n', 2, 'a section [fils]'],
  ['version 1\n\n[files]\n100644 abc 0\tx\n', 4, 'no line of [files]'],
  ['version 1\n[tests-run]\n"x" many\n', 3, 'no line of [tests-run]'],
  ['version 1\n[files]\n=======\n', 3, 'a mark of an unfinished merge'],
  ['version 1\n[files]\n>>>>>>> branch\n', 3, 'a mark of an unfinished merge'],
])('%j is refused at line %i: %s', (text, line, message) => {
  expect.assertions(2)
  try {
    parseBaseline(text, 'mesh.baseline')
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    expect((error as ConfigurationError).oneLine).toContain(`mesh.baseline:${line}:1: ${message}`)
  }
})

test.each([
  ['a b.py', 'a b.py'],
  ['"a\\"b\\\\c.py"', 'a"b\\c.py'],
  ['"gr\\303\\266\\303\\237e"', 'größe'],
  ['"two\\nlines\\t"', 'two\nlines\t'],
  ['"\\377\\376"', '\\377\\376'],
])('git writes %s for %j', (written, path) => {
  expect(unquotedPath(written)).toBe(path)
})
