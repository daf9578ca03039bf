import type { Environment } from './environment.ts'

/**
 * A command as a user can paste it into a POSIX shell, from anywhere: folder, changed variables, arguments.
 * Only for reading; the suite itself never goes through a shell.
 */
export function pasteable(
  argv: readonly string[],
  options: { cwd?: string; env?: Environment } = {},
): string {
  const variables = Object.entries(options.env ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(value)}`],
  )
  const command = [...variables, ...argv.map(quote)].join(' ')
  return options.cwd ? `(cd ${quote(options.cwd)} && ${command})` : command
}

/** One word of a POSIX shell command, quoted when it must be. */
function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
