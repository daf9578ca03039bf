import { stripVTControlCharacters } from 'node:util'

/**
 * Whatever no eye sees: control characters (but tab and line end), format characters that turn the direction of a line
 * or have no width (but the two that join letters and emoji), halves of characters, characters that are none.
 */
const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu

/**
 * Text of the project's as it can be shown: without colours and other sequences for terminals, and with its number for
 * every character that would not be seen. A carriage return ends a line, as where progress is drawn over itself. What is
 * left can stand in HTML and XML 1.0, once it is escaped.
 */
export function visible(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(UNSEEN, signOf)
}

/** The same in one line. */
export function visibleLine(text: string): string {
  return visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim()
}

function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** The text up to so many characters; what was left out is told. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most)}… (${text.length - most} more characters)`
}

/** A name of at most so many characters, cut in its middle: its ends tell it from others. */
export function shortName(name: string, most: number): string {
  if (name.length <= most) return name
  const head = Math.ceil((most - 1) / 2)
  return `${name.slice(0, head)}…${name.slice(name.length - (most - 1 - head))}`
}
