import { visible } from '../visible.ts'

const MARKUP = Symbol('markup')

/** HTML that is safe to stand in the page. Made by `html` alone, or by `trusted` from what the suite itself wrote. */
export interface Markup {
  readonly [MARKUP]: string
}

type Part = Markup | string | number | undefined | readonly Part[]

/**
 * HTML from a template. Every text that is put in, also within the quotes of an attribute, is escaped and its unseen
 * characters are shown; markup is put in as it is, a list one after the other, undefined as nothing.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return trusted(template.map((text, index) => text + rendered(parts[index])).join(''))
}

/** Text of the suite's own as HTML, unescaped. Never for anything that comes from the project. */
export function trusted(text: string): Markup {
  return { [MARKUP]: text }
}

export function textOf(markup: Markup): string {
  return markup[MARKUP]
}

function rendered(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escapeHtml(visible(part))
  if (typeof part === 'number') return String(part)
  return MARKUP in part ? part[MARKUP] : part.map(rendered).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // Old readers take it for a quote.
  '`': '&#96;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => ENTITIES[sign] ?? sign)
}
