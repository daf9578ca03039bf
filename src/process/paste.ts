import type { Environment } from './environment.ts'

/** Lower-case words with which a compound command begins or goes on, in POSIX shells and bash. */
const RESERVED = new Set(
  'case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
)

/**
 * A command as a user can paste it into a POSIX shell, from anywhere: folder, changed variables, arguments.
 * Only for reading; the suite itself never goes through a shell.
 */
export function pasteable(
  argv: readonly string[],
  options: { cwd?: string; env?: Environment } = {},
): string {
  const [program = '', ...args] = argv
  const variables = Object.entries(options.env ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [assignment(name, value)],
  )
  // A shell takes only names of its own kind; env(1) takes any.
  const env = variables.some((one) => one.startsWith("'")) ? ['env'] : []
  const command = [...env, ...variables, quoteProgram(program), ...args.map(quote)].join(' ')
  return options.cwd ? `(cd ${quote(options.cwd)} && ${command})` : command
}

function assignment(name: string, value: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `${name}=${quote(value)}` : quoted(`${name}=${value}`)
}

/** One word of a POSIX shell command, quoted when it must be. */
function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : quoted(word)
}

/** The first word, which unquoted could also be an assignment or a word of the shell's grammar. */
function quoteProgram(word: string): string {
  return word.includes('=') || RESERVED.has(word) ? quoted(word) : quote(word)
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
