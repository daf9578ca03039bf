import { type Command, Option } from 'commander'
import { type Action, allInputs, kebabCase } from '../platform/declare.ts'
import type { Input } from '../platform/inputs.ts'

/** Inputs that mean nothing in a terminal, or that have a flag of their own (--project). */
const NOT_FLAGS = new Set([
  'workingDirectory',
  'name',
  'upload',
  'retentionDays',
  'keepLogs',
  'cache',
  'cachePrefix',
  'environment',
  'netrc',
  'skip',
])

/** What commander read: text, or a truth value for a flag. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>

/**
 * Gives a command a flag for each input of these actions. One that several have stands once, and says what it means to
 * each where that differs.
 */
export function addFlags(command: Command, actions: readonly Action[]): void {
  const flags = new Map<string, { readonly spelling: string; readonly meanings: Map<string, string> }>()
  for (const action of actions) {
    for (const [name, input] of Object.entries(allInputs(action))) {
      if (NOT_FLAGS.has(name)) continue
      const { meanings } = flags.get(name) ?? { meanings: new Map<string, string>() }
      const meaning = help(input)
      const stages = [meanings.get(meaning), action.stage].filter((stage) => stage !== undefined)
      meanings.set(meaning, stages.join(', '))
      flags.set(name, { spelling: spelling(name, input), meanings })
    }
  }
  for (const { spelling, meanings } of flags.values()) {
    const [only, ...others] = meanings.keys()
    const description =
      others.length === 0
        ? only
        : [...meanings].map(([meaning, stages]) => `${stages}: ${meaning}`).join('; ')
    command.addOption(new Option(spelling, description))
  }
}

function spelling(name: string, input: Input<unknown>): string {
  const flag = kebabCase(name)
  if (input.example !== undefined) return `--${flag} ${input.example}`
  return turnsOff(input) ? `--no-${flag}` : `--${flag}`
}

function help(input: Input<unknown>): string {
  if (turnsOff(input)) return `turns off: ${input.description}`
  if (input.example === undefined || input.default === '') return input.description
  return `${input.description} (default: ${input.default})`
}

/** Whether a flag can only say no to what is done anyway. */
function turnsOff(input: Input<unknown>): boolean {
  return input.example === undefined && input.default === 'true'
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
