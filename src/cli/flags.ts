import { type Command, Option } from 'commander'
import { type Action, allInputs, kebabCase } from '../platform/declare.ts'

/** Inputs that mean nothing in a terminal, or that have a flag of their own (--project). */
const NOT_FLAGS = new Set([
  'workingDirectory',
  'name',
  'upload',
  'retentionDays',
  'environment',
  'netrc',
  'skip',
])

/** What commander read: text, or a truth value for a flag. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>

/** Gives a command a flag for each input of these actions; one that several share stands once. */
export function addFlags(command: Command, actions: readonly Action[]): void {
  const inputs = Object.assign({}, ...actions.map(allInputs)) as ReturnType<typeof allInputs>
  for (const [name, input] of Object.entries(inputs)) {
    if (NOT_FLAGS.has(name)) continue
    const flag = kebabCase(name)
    const spelling =
      input.example !== undefined
        ? `--${flag} ${input.example}`
        : input.default === 'true'
          ? `--no-${flag}`
          : `--${flag}`
    command.addOption(new Option(spelling, input.description))
  }
}

/** The text of an input as a flag gave it; empty when it was not given. */
export function flagText(flags: FlagValues, name: string): string {
  if (name === 'upload') return 'false'
  const value = flags[name === 'workingDirectory' ? 'project' : name]
  return value === undefined ? '' : String(value)
}

/** How a user of the command line calls an input. */
export function flagLabel(name: string): string {
  return name === 'workingDirectory' ? '--project' : `--${kebabCase(name)}`
}
