import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ConfigurationError } from '../../src/result/configuration-error.ts'

describe("a user's mistake in one line", () => {
  test('it says where, what was found and what would be right', () => {
    const error = new ConfigurationError('unknown key "platfroms"', {
      place: { file: 'mesh.yml', line: 3, column: 5 },
      fix: 'did you mean "platforms"?',
    })
    expect(error.oneLine).toBe('mesh.yml:3:5: unknown key "platfroms"; did you mean "platforms"?')
    expect(error.message).toBe('unknown key "platfroms"')
  })

  test('without a place and a fix it is the message', () => {
    expect(new ConfigurationError('no folder x').oneLine).toBe('no folder x')
  })

  test('it is one line whatever it is made of', () => {
    const text = fc
      .array(fc.constantFrom('word', ' ', '\n', '\r\n', '\r', '\t'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, text, text, (message, fix, file) => {
        const line = new ConfigurationError(`a${message}b`, { fix: `c${fix}d`, place: { file } }).oneLine
        expect(line).not.toMatch(/[\r\n]/)
        expect(line).toMatch(/: a.*b; c.*d$/)
      }),
    )
  })

  test.each([
    [{ file: 'a.go' }, 'a.go: x'],
    [{ file: 'a.go', line: 2 }, 'a.go:2: x'],
    [{ file: 'a.go', line: 2, column: 7 }, 'a.go:2:7: x'],
  ])('the place %j is written as far as it is known', (place, line) => {
    expect(new ConfigurationError('x', { place }).oneLine).toBe(line)
  })
})
