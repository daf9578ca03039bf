/** A logical line of Python: what stands between brackets belongs to it, comments do not, and texts are empty. */
export interface LogicalLine {
  /** Width of the white space before it. */
  readonly indent: number
  /** Each text in it is `""`. */
  readonly code: string
  /** From 1. */
  readonly line: number
}

/** A prefix and the quotes that open a text. */
const TEXT = /^[A-Za-z]{0,2}('''|"""|'|")/

/**
 * Reads Python far enough to tell code from comments and texts: where Python itself need not be there, and where the
 * file need not be well formed.
 */
export function* logicalLines(source: string): Generator<LogicalLine> {
  let [code, indent, line, start, depth, fresh] = ['', 0, 1, 1, 0, true]
  const closed = (): readonly LogicalLine[] => {
    const whole = code.trim() === '' ? [] : [{ indent, code: code.trim(), line: start }]
    ;[code, indent, fresh] = ['', 0, true]
    return whole
  }
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at, at + 8)
    const here = source[at] ?? ''
    const previous = code.at(-1) ?? ' '
    const opened = /[\w]/.test(previous) ? undefined : TEXT.exec(rest)
    if (here === '#') {
      while (at < source.length && source[at] !== '\n') at++
    } else if (opened) {
      const end = endOfText(source, at + opened[0].length, opened[1] ?? '')
      if (fresh) [fresh, start] = [false, line]
      code += '""'
      line += source.slice(at, end).split('\n').length - 1
      at = end
    } else if (here === '\\' && /^\\\r?\n/.test(rest)) {
      at += rest.startsWith('\\\r') ? 3 : 2
      line++
    } else if (here === '\n' || (here === ';' && depth === 0)) {
      if (depth > 0) code += ' '
      else {
        const [kept, semicolon] = [indent, here === ';']
        yield* closed()
        if (semicolon) [indent, fresh, start] = [kept, false, line]
      }
      if (here === '\n') line++
      at++
    } else {
      if (fresh && /\s/.test(here)) indent += here === '\t' ? 8 : 1
      else if (fresh) [fresh, start] = [false, line]
      if ('([{'.includes(here)) depth++
      if (')]}'.includes(here)) depth = Math.max(0, depth - 1)
      code += here
      at++
    }
  }
  yield* closed()
}

/** Where a text ends that was opened before `at`; an unclosed one of a single line ends with its line. */
function endOfText(source: string, at: number, quotes: string): number {
  for (let end = at; end < source.length; end++) {
    if (source[end] === '\\') end++
    else if (source.startsWith(quotes, end)) return end + quotes.length
    else if (source[end] === '\n' && quotes.length === 1) return end
  }
  return source.length
}

/** What does nothing: `pass`, `...`, a text or a number by itself, and blocks of such. */
const NOTHING =
  /^((if|elif|else|try|except|finally|while|for|with)\b.*:\s*)?(pass|\.\.\.|(""\s*)+|-?\d[\w.]*|None|True|False|from __future__ import .*)?$/

/** Whether nothing of a Python file does anything: only comments, texts, `pass` and their like. */
export function hasNoCode(source: string): boolean {
  for (const { code } of logicalLines(source)) if (!NOTHING.test(code)) return false
  return true
}
