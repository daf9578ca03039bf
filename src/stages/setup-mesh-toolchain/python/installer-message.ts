/** The longest cause that is shown in one line; the log has the whole. */
const LONGEST = 700

/** How uv begins a statement: `error:`, `cause:` and `hint:`, in older versions signs of a tree. */
const STATEMENT = /^\s*(?:error:|cause:|hint:|×|├─▶|╰─▶)\s*/

/** The lines of a build that say why it failed, the best first. */
const FAILING = [
  /\bfatal error\b/i,
  /^(?:\S+: )?(?:\w*Error|error): (?!Command |command |subprocess-exited)/,
  /\berror: (?!Command |command |subprocess-exited)/i,
  /\b(?:not found|No such file|cannot find)\b/i,
]

/**
 * Why an installer failed, in one line, from what uv or pip printed: the resolver's own words, or the line at which a
 * package's build broke. Undefined where there is nothing like that.
 */
export function installerCause(lines: readonly string[]): string | undefined {
  const statements = statementsOf(lines)
  const [first, ...rest] = statements
  if (first !== undefined) {
    const isBuild = statements.some(({ head }) => /Call to `|build backend returned/.test(head))
    const failing = isBuild ? failingLine(statements.flatMap(({ more }) => more)) : undefined
    if (failing !== undefined) return shortened(`${first.head}: ${failing}`)
    return shortened(
      [first, ...rest]
        .map(({ head, more }) => [head, ...more.map((line) => line.trim())].join(' '))
        .join(': '),
    )
  }
  return ofPip(lines)
}

/** What uv proposes where a build lacks a library of the system's. */
export function installerHint(lines: readonly string[]): string | undefined {
  const hint = lines.map((line) => /^\s*hint: This error likely indicates that (you .*)/.exec(line)?.[1])
  return hint.find((one) => one !== undefined)
}

interface Statement {
  readonly head: string
  readonly more: readonly string[]
}

function statementsOf(lines: readonly string[]): readonly Statement[] {
  const begin = lines.findIndex((line) => /^(?:error: (?!subprocess)|\s*×\s)/.test(line))
  if (begin < 0 || lines.some((line) => line.startsWith('ERROR: '))) return []
  const statements: { head: string; more: string[] }[] = []
  for (const line of lines.slice(begin)) {
    const start = STATEMENT.exec(line)
    // Deep inside a statement an `error:` is of the build's own output.
    if (start && !/^\s{4,}error:/.test(line)) {
      if (/hint:/.test(start[0]) && !/included because|hint: An index /.test(line)) break
      statements.push({ head: line.slice(start[0].length).trim(), more: [] })
    } else if (line.trim() !== '') statements.at(-1)?.more.push(line)
  }
  return statements
}

function failingLine(lines: readonly string[]): string | undefined {
  const trimmed = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\[std(out|err)\]$/.test(line))
  for (const form of FAILING) {
    const found = trimmed.find((line) => form.test(line))
    if (found !== undefined) return found
  }
  return trimmed.at(-1)
}

function ofPip(lines: readonly string[]): string | undefined {
  const errors = lines
    .filter((line) => line.startsWith('ERROR: '))
    .map((line) => line.slice('ERROR: '.length))
  const build = lines.findIndex((line) => /^\s*×\s/.test(line))
  if (build >= 0) {
    const said = (lines[build] ?? '').replace(/^\s*×\s*/, '')
    const end = lines.findIndex((line, index) => index > build && line.includes('[end of output]'))
    const failing = failingLine(lines.slice(build + 3, end < 0 ? undefined : end))
    return shortened(failing === undefined ? said : `${said} ${failing}`)
  }
  const conflict = lines.findIndex((line) => line.startsWith('The conflict is caused by:'))
  const sides: string[] = []
  for (const line of conflict < 0 ? [] : lines.slice(conflict + 1)) {
    if (line.trim() === '') break
    sides.push(line.trim())
  }
  const first = errors[0]
  if (first === undefined) return undefined
  return shortened(sides.length > 0 ? `${first} ${sides.join('; ')}` : first)
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
