import { posix } from 'node:path'

/** One complaint of the compiler, vet or the loader at a place in the source. */
export interface CompilerError {
  /** Relative to the folder that Go ran in, with forward slashes. */
  readonly file: string
  readonly line: number
  readonly column?: number
  readonly message: string
}

/**
 * The complaints in Go's output, in its order, each once. Go writes `file.go:12:3: message`; with several
 * packages under a `# import/path` line each, and `vet: ` before what vet could not read. A message that ends with a
 * colon is whole only with the indented line below it, as in `to add it:`.
 */
export function compilerErrors(lines: readonly string[]): readonly CompilerError[] {
  const seen = new Set<string>()
  return lines.flatMap((line, index) => {
    const match = /^(?:vet: )?((?:[A-Za-z]:)?[^:\s][^:]*\.(?:go|s|c|h)):(\d+)(?::(\d+))?: (.+)$/.exec(line)
    if (!match || seen.has(line)) return []
    seen.add(line)
    const [, file = '', row, column, message = ''] = match
    return [
      {
        file: posix.normalize(file.replaceAll('\\', '/')),
        line: Number(row),
        ...(column === undefined ? {} : { column: Number(column) }),
        message: message.endsWith(':') ? `${message}${continuation(lines[index + 1])}` : message,
      },
    ]
  })
}

function continuation(line: string | undefined): string {
  return line && /^\s+\S/.test(line) ? ` ${line.trim()}` : ''
}
