import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { shortened, shortName, visible, visibleLine } from '../../src/report/visible.ts'

test('colours, links and other sequences for terminals are gone, the words stay', () => {
  expect(visible('\u001b[1;31mred\u001b[0m \u001b]8;;http://a\u0007link\u001b]8;;\u0007')).toBe('red link')
})

test('what no eye sees is shown by its number', () => {
  expect(visible('a\u0000b\u0007c\u001bd\u202ee\u200bf\ufeffg\ufffe')).toBe(
    'a<U+0000>b<U+0007>c<U+001B>d<U+202E>e<U+200B>f<U+FEFF>g<U+FFFE>',
  )
  expect(visible('\ud800')).toBe('\ufffd')
})

test('lines, tabs, joined emoji and other scripts are left as they are', () => {
  const text = 'a\tb\nüñ 中文 العربية 👩‍💻'
  expect(visible(text)).toBe(text)
  expect(visible('10 %\r20 %\r\ndone')).toBe('10 %\n20 %\ndone')
  expect(visibleLine(' a\n\n  b ')).toBe('a b')
})

test('whatever it is, XML 1.0 allows every character of what is shown', () => {
  const allowed = /^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => allowed.test(visible(text))))
  const halves = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
  fc.assert(fc.property(halves, (text) => allowed.test(visible(text))))
})

test('a long text says how much of it is not there, a long name keeps its ends', () => {
  expect(shortened('abcdef', 4)).toBe('abcd… (2 more characters)')
  expect(shortened('abcd', 4)).toBe('abcd')
  expect(shortName('registry-for-windows', 9)).toBe('regi…dows')
  expect(shortName('registry', 9)).toBe('registry')
})
