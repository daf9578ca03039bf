import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { ConfigurationError, type Place } from '../result/configuration-error.ts'

/** Where a key is: `['go', 'commands', 'registry']`. */
export type KeyPath = readonly (string | number)[]

/** A YAML file that was read, and where each of its keys and values stands. */
export interface Source {
  /** Its name as messages show it. */
  readonly file: string
  readonly value: unknown
  /** Where the value at a path stands, else its nearest ancestor that the file has. */
  placeOfValue(path: KeyPath): Place
  /** Where a key itself stands. */
  placeOfKey(path: KeyPath): Place
}

/**
 * Reads YAML 1.2. Numbers that JavaScript would write otherwise (1.20, 0x10, 1e3) come back as the text they
 * were written as, since in this file they are versions; the schema turns text into numbers where it wants them.
 * Throws a ConfigurationError at the first syntax error.
 */
export function readSource(file: string, text: string): Source {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return { file, line, column: col }
  }
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem)
    throw new ConfigurationError(`not valid YAML: ${problem.message}`, { place: at(problem.pos[0]) })

  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return
      throw new ConfigurationError(`not valid YAML: *${alias.source} names nothing`, {
        place: at(alias.range?.[0] ?? 0),
        fix: 'put quotes around a pattern that begins with *',
      })
    },
    Scalar(_, scalar) {
      if (
        typeof scalar.value === 'number' &&
        scalar.source !== undefined &&
        String(scalar.value) !== scalar.source
      ) {
        scalar.value = scalar.source
      }
    },
  })

  const offsetOf = (node: Node | null | undefined) => node?.range?.[0] ?? 0
  const nodeAt = (path: KeyPath): Node | undefined => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as Node | undefined
      if (node) return node
    }
    return document.contents ?? undefined
  }
  return {
    file,
    value: document.toJS() ?? {},
    placeOfValue: (path) => at(offsetOf(nodeAt(path))),
    placeOfKey: (path) => {
      const parent = nodeAt(path.slice(0, -1))
      const key = path.at(-1)
      const pair = isMap(parent)
        ? parent.items.find(
            (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
          )
        : undefined
      return at(offsetOf(isScalar(pair?.key) ? pair.key : parent))
    },
  }
}
