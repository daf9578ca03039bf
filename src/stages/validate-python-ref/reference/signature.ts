/**
 * The format in which a public name stands in a baseline, one a line:
 *
 *     mcp_mesh.decorator [module]
 *     mcp_mesh.decorator.mesh_agent(capabilities: Iterable[str] = (), *, version: str = '0') -> Callable
 *     mcp_mesh.metadata.AgentMetadata(name: str, tags: tuple[str, ...] = ()) [class]
 *     mcp_mesh.metadata.AgentMetadata.age: float [property]
 *     mcp_mesh.metadata.MAX_HEALTH_INTERVAL: float
 *     mcp-mesh = mcp_mesh_runtime.cli.main:main [command]
 *
 * A signature is written as Python does; `self` and `cls` are left out. The words in brackets at the end say what it
 * is; a name without signature and without them is a value. A command stands as in pyproject.toml, with what it calls.
 */

/** How an argument can be given, by Python's own words. */
type ParameterKind = 'positional-only' | 'positional or keyword' | '*args' | 'keyword-only' | '**kwargs'

export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
  /** As it is written; undefined for one that must be given. */
  readonly default: string | undefined
}

export interface Signature {
  /** The import path; of a command `command <name>`, which no import path is. */
  readonly name: string
  readonly kind: 'module' | 'class' | 'function' | 'value' | 'command'
  /** The words in brackets: async, staticmethod, classmethod, property, class, module. */
  readonly labels: readonly string[]
  /** Undefined for what is not called, and for a class that takes what its base takes. */
  readonly parameters: readonly Parameter[] | undefined
  /** What a command calls. */
  readonly target?: string
}

const COMMAND = / \[command\]$/

/** The line of a command that a package installs. */
export function printCommand({ name, target }: { readonly name: string; readonly target: string }): string {
  return `${name} = ${target} [command]`
}

/** Reads a line of the format; undefined for a line that is none. */
export function parseSignature(line: string): Signature | undefined {
  return COMMAND.test(line) ? parseCommand(line) : parsePython(line)
}

function parseCommand(line: string): Signature | undefined {
  const [, name, target] = /^(.+?) = (.+) \[command\]$/.exec(line) ?? []
  if (name === undefined || target === undefined) return undefined
  return { name: `command ${name}`, kind: 'command', labels: ['command'], parameters: undefined, target }
}

function parsePython(line: string): Signature | undefined {
  const name = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/u.exec(line)?.[0]
  if (name === undefined) return undefined
  const rest = line.slice(name.length)
  const words = / \[([a-z]+(?:, [a-z]+)*)\]$/.exec(rest)?.[1]
  const labels = words?.split(', ') ?? []
  const called = rest.startsWith('(')
  const end = called ? closing(rest) : -1
  if (called && end < 0) return undefined
  if (!called && rest !== '' && !/^(: | \[)/.test(rest)) return undefined
  return {
    name,
    kind: kindOf(labels, called),
    labels,
    parameters: called ? parametersOf(rest.slice(1, end)) : undefined,
  }
}

function kindOf(labels: readonly string[], called: boolean): Signature['kind'] {
  if (labels.includes('module')) return 'module'
  if (labels.includes('class')) return 'class'
  return called ? 'function' : 'value'
}

function parametersOf(text: string): readonly Parameter[] {
  const parts = splitAt(text, ',').map((part) => part.trim())
  const slash = parts.indexOf('/')
  const star = parts.findIndex((part) => part.startsWith('*') && !part.startsWith('**'))
  return parts.flatMap((part, index): Parameter[] => {
    if (part === '' || part === '/' || part === '*') return []
    const name = part.replace(/^\*+/, '').split(/[:= ]/, 1)[0] ?? ''
    const [, ...value] = splitAt(part, '=')
    const kind: ParameterKind = part.startsWith('**')
      ? '**kwargs'
      : part.startsWith('*')
        ? '*args'
        : index < slash
          ? 'positional-only'
          : star >= 0 && index > star
            ? 'keyword-only'
            : 'positional or keyword'
    return [{ name, kind, default: value.length === 0 ? undefined : value.join('=').trim() }]
  })
}

/** Where the bracket that the text begins with is closed; -1 where it is not. */
function closing(text: string): number {
  for (const { index, depth, char } of code(text)) if (depth === 0 && /[)\]}]/.test(char)) return index
  return -1
}

/** Splits at a character that stands outside of brackets and strings. */
function splitAt(text: string, separator: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (const { index, depth, char } of code(text)) {
    if (depth !== 0 || char !== separator) continue
    parts.push(text.slice(from, index))
    from = index + 1
  }
  return [...parts, text.slice(from)]
}

/** The characters of Python code that are in no string, each with the depth of brackets after it. */
function* code(text: string): Generator<{ index: number; depth: number; char: string }> {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? ''
    if (char === "'" || char === '"') {
      index = endOfString(text, index)
      continue
    }
    if (/[([{]/.test(char)) depth++
    if (/[)\]}]/.test(char)) depth--
    yield { index, depth, char }
  }
}

function endOfString(text: string, start: number): number {
  const quote = text[start]
  const long = text.startsWith(`${quote}${quote}${quote}`, start)
  const end = long ? `${quote}${quote}${quote}` : (quote ?? '')
  for (let index = start + end.length; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text.startsWith(end, index)) return index + end.length - 1
  }
  return text.length
}
