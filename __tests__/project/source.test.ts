import { describe, expect, test } from '@jest/globals'
import { readSource } from '../../src/project/source.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { refusalOf } from '../support/project.ts'

describe('text that is no YAML', () => {
  test.each([
    [
      'go:\n  cgo: true\n tests: []\n',
      '3:1: not valid YAML: All mapping items must start at the same column',
    ],
    ['version: 1\nversion: 1\n', '2:1: not valid YAML: Map keys must be unique'],
    ['go: { cgo: true\n', '2:1: not valid YAML: '],
    ['go: "open\n', '2:1: not valid YAML: Missing closing "quote'],
    ['a: 1\n---\nb: 2\n', 'not valid YAML: Source contains multiple documents'],
    ['go: !!unknown x\n', '1:5: not valid YAML: Unresolved tag'],
  ])('is refused at the first place that is wrong: %j', async (yaml, line) => {
    expect(await refusalOf(yaml)).toContain(line)
  })

  test('a pattern without quotes, which YAML takes for an alias, is explained', async () => {
    expect(await refusalOf('parity:\n  sequences:\n    - *.yml\n')).toBe(
      'mesh.yml:3:7: not valid YAML: *.yml names nothing; put quotes around a pattern that begins with *',
    )
  })

  test('an alias of an anchor that was set stands for its value', () => {
    const { value } = readSource('mesh.yml', 'a: &one [x]\nb: *one\n')
    expect(value).toEqual({ a: ['x'], b: ['x'] })
  })
})

describe('numbers', () => {
  test.each(['1.20', '1.0', '0x10', '1e3', '+5', '007', '.5', '1_000'])(
    '%s stays as it was written',
    (text) => {
      expect(readSource('mesh.yml', `version: ${text}\n`).value).toEqual({ version: text })
    },
  )

  test.each([
    ['1.24', 1.24],
    ['5', 5],
    ['-3', -3],
  ])('%s, which reads back the same, is a number', (text, value) => {
    expect(readSource('mesh.yml', `version: ${text}\n`).value).toEqual({ version: value })
  })
})

describe('places', () => {
  const source = readSource('mesh.yml', '# first\ngo:\n  tags: [a, "b"]\n  "cgo": true\n1: x\n')

  test.each([
    [['go'], 3, 3],
    [['go', 'tags'], 3, 9],
    [['go', 'tags', 0], 3, 10],
    [['go', 'tags', 1], 3, 13],
    [['go', 'cgo'], 4, 10],
  ])('the value at %j stands at line %d, column %d', (path, line, column) => {
    expect(source.placeOfValue(path)).toEqual({ file: 'mesh.yml', line, column })
  })

  test.each([
    [['go'], 2, 1],
    [['go', 'tags'], 3, 3],
    [['go', 'cgo'], 4, 3],
    [['1'], 5, 1],
  ])('the key %j stands at line %d, column %d', (path, line, column) => {
    expect(source.placeOfKey(path)).toEqual({ file: 'mesh.yml', line, column })
  })

  test('a value that the file has not stands where its nearest ancestor does', () => {
    expect(source.placeOfValue(['go', 'output'])).toEqual(source.placeOfValue(['go']))
    expect(source.placeOfValue(['load', 'agents'])).toEqual({ file: 'mesh.yml', line: 2, column: 1 })
  })

  test('columns count from 1 also after a byte order mark and with CR LF', () => {
    const windows = readSource('mesh.yml', '\uFEFFgo:\r\n  cgo: true\r\n')
    expect(windows.value).toEqual({ go: { cgo: true } })
    expect(windows.placeOfValue(['go', 'cgo'])).toEqual({ file: 'mesh.yml', line: 2, column: 8 })
  })

  test.each(['', '# nothing but this\n', '---\n'])('the empty file %j has no keys and a place', (text) => {
    const empty = readSource('mesh.yml', text)
    expect(empty.value).toEqual({})
    expect(empty.placeOfValue(['go']).line).toBe(1)
  })

  test('a mistake in the syntax is a ConfigurationError', () => {
    expect(() => readSource('mesh.yml', ']')).toThrow(ConfigurationError)
  })
})
