import { ConfigurationError } from '../result/configuration-error.ts'
import type { Mesh } from './mesh.ts'

/** The programs that placeholders stand for, and what is known of one that is not there. */
export type Programs = Pick<Mesh, 'project' | 'programs' | 'platform'>

/** What the other placeholders of a command stand for when it is started. */
export interface Address {
  readonly port: number
  readonly url: string
}

/**
 * The argument list with its placeholders filled in. Throws a ConfigurationError for a program that go.commands does
 * not name, or that was not built.
 */
export function fill(argv: readonly string[], programs: Programs, address: Address): readonly string[] {
  const values: Readonly<Record<string, string | number | undefined>> = {
    ...programs.programs,
    ...address,
    python: 'python',
  }
  return argv.map((argument) =>
    argument.replaceAll(/\{(registry|cli|port|url|python)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw noProgram(name, programs)
      return String(value)
    }),
  )
}

function noProgram(name: string, { project, platform }: Programs): ConfigurationError {
  if (!Object.hasOwn(project.config.go.commands, name))
    return new ConfigurationError(`{${name}} stands for no program`, { fix: `add ${name} to go.commands` })
  if (platform === undefined) return new ConfigurationError(`{${name}} stands for no program in this stage`)
  return new ConfigurationError(`${name} was not built for ${platform}`, {
    fix: 'run cross-compile-go without "commands": then it builds all of go.commands',
  })
}
