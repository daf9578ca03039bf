/** Lines around a change that are shown with it. */
const CONTEXT = 3
/** Beyond so many pairs of lines no common ones are looked for in the middle. */
const MOST_PAIRS = 4_000_000

interface Line {
  readonly kind: ' ' | '-' | '+'
  readonly text: string
}

/** The difference of two texts as `diff -u` shows it, without its first two lines; empty for equal ones. */
export function difference(before: string, after: string): readonly string[] {
  const lines = compared(linesOf(before), linesOf(after))
  return hunks(lines).flatMap(([from, to]) => {
    const part = lines.slice(from, to)
    const counted = (kind: '-' | '+', among: readonly Line[]) =>
      among.filter((line) => line.kind === ' ' || line.kind === kind).length
    const range = (kind: '-' | '+') => {
      const count = counted(kind, part)
      return `${kind}${counted(kind, lines.slice(0, from)) + (count > 0 ? 1 : 0)},${count}`
    }
    return [`@@ ${range('-')} ${range('+')} @@`, ...part.map(({ kind, text }) => `${kind}${text}`)]
  })
}

/** How many lines a text has. */
export function lineCount(text: string): number {
  return linesOf(text).length
}

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : [...lines.slice(0, -1), `${lines.at(-1)} (no line end)`]
}

/** Where each hunk begins and ends: changes with their context, joined where that overlaps. */
function hunks(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  for (const [index, { kind }] of lines.entries()) {
    if (kind === ' ') continue
    const last = found.at(-1)
    const [from, to] = [Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1)]
    if (last && from <= last[1]) last[1] = to
    else found.push([from, to])
  }
  return found
}

/** All lines of both, in order; the longest common subsequence once. */
function compared(before: readonly string[], after: readonly string[]): readonly Line[] {
  let start = 0
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++
  let end = 0
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++
  }
  const same = (lines: readonly string[]) => lines.map((text): Line => ({ kind: ' ', text }))
  return [
    ...same(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ]
}

function middle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1
  const isLarge = before.length * after.length > MOST_PAIRS
  // common[i * width + j]: how many lines the rest of `before` from i and of `after` from j have in common.
  const common = new Uint32Array(isLarge ? 0 : (before.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = isLarge ? -1 : before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]]
    if (old !== undefined && old === now && !isLarge) {
      lines.push({ kind: ' ', text: old })
      i++
      j++
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: '-', text: old })
      i++
    } else {
      lines.push({ kind: '+', text: now ?? '' })
      j++
    }
  }
  return lines
}
