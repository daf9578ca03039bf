import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { html, textOf } from '../../../src/report/html/markup.ts'
import { visible } from '../../../src/report/visible.ts'
import { HOSTILE } from '../../support/reports.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#96': '`',
}
const unescaped = (text: string) => text.replace(/&([^;]+);/g, (_, name: string) => ENTITIES[name] ?? '?')

test('whatever a text is, it stays within its element and its attribute and comes out as the same words', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('<', '>', '"', "'", '&', '&lt;', '`', '<!--', ']]>', HOSTILE))
      .map((all) => all.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const [, attribute = '', inside = ''] =
        /^<p title="([^"<>`]*)">([^<>]*)<\/p>$/.exec(textOf(html`<p title="${text}">${text}</p>`)) ?? []
      expect([unescaped(attribute), unescaped(inside)]).toEqual([visible(text), visible(text)])
    }),
  )
})

test('markup, lists and numbers are put in as they are, and nothing for what is not there', () => {
  expect(textOf(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${undefined}</ul>`)).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  )
})

test('an object that only looks like markup is not taken for it', () => {
  const forged = JSON.parse('{"markup":"<b>","text":"<b>"}') as string
  expect(() => textOf(html`${forged}`)).toThrow(TypeError)
})
