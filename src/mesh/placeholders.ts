import { ConfigurationError } from '../result/configuration-error.ts'

/** What the placeholders of a command stand for when it is started. */
export interface Placeholders {
  /** Absolute paths of the programs that go.commands names. */
  readonly registry?: string | undefined
  readonly cli?: string | undefined
  readonly port: number
  readonly url: string
}

/**
 * The argument list with its placeholders filled in. Throws a ConfigurationError for a program that go.commands does
 * not name.
 */
export function fill(argv: readonly string[], values: Placeholders): readonly string[] {
  return argv.map((argument) =>
    argument.replaceAll(/\{(registry|cli|port|url|python)\}/g, (whole, name: string) => {
      if (name === 'python') return 'python'
      const value = values[name as keyof Placeholders]
      if (value !== undefined) return String(value)
      throw new ConfigurationError(`${whole} stands for no program`, { fix: `add ${name} to go.commands` })
    }),
  )
}
