import { parseArgsStringToArgv as parseArguments } from 'string-argv'
import { parseDuration } from '../project/measures.ts'
import { nearest } from '../project/nearest.ts'
import type { KeyPath } from '../project/source.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { secretWords } from './netrc.ts'

/**
 * What an action takes: declared once, and everything that speaks of it (action.yml, the tables of the README,
 * the flags of the CLI) is made from the declaration. T is what the text of a user becomes.
 */
export interface Input<T> {
  readonly description: string
  /** The text that stands for "not given" in action.yml; empty where mesh.yml or the code decides. */
  readonly default: string
  /** What a value looks like, for the CLI's help: `<platforms>`; flags have none. */
  readonly example: string | undefined
  /** The key of mesh.yml that a given value replaces. */
  readonly overrides: KeyPath | undefined
  /** The words that it may be, or be made of. */
  readonly choices?: readonly string[]
  /** Throws a ConfigurationError that says what is wrong with the text, without the input's name. */
  readonly parse: (text: string) => T
  /** The words of a value that no log and no result may show. */
  readonly secrets?: (text: string) => readonly string[]
}

interface Extra {
  readonly default?: string
  readonly overrides?: KeyPath
}

function declare<T>(
  description: string,
  example: string | undefined,
  extra: Extra,
  parse: (text: string) => T,
): Input<T> {
  return { description, example, default: extra.default ?? '', overrides: extra.overrides, parse }
}

/** The kinds of input. An empty text is "not given" and becomes undefined, save where a default is declared. */
export const input = {
  text: (description: string, extra: Extra = {}) =>
    declare(description, '<text>', extra, (text) => text.trim() || undefined),

  path: (description: string, extra: Extra = {}) =>
    declare(description, '<path>', extra, (text) => text.trim() || undefined),

  /** Several values, separated by commas or line ends. */
  list: (description: string, extra: Extra = {}) =>
    declare(description, '<a,b>', extra, (text): readonly string[] | undefined => {
      const items = text
        .split(/[,\n]/)
        .map((item) => item.trim())
        .filter((item) => item !== '')
      return items.length > 0 ? items : undefined
    }),

  flag: (description: string, extra: { readonly default: 'true' | 'false' }) =>
    declare(description, undefined, extra, (text): boolean => {
      const written = text.trim() || extra.default
      // What YAML 1.2 calls a truth value, as @actions/core does.
      if (/^(true|True|TRUE)$/.test(written)) return true
      if (/^(false|False|FALSE)$/.test(written)) return false
      throw new ConfigurationError(`expected true or false, found "${written}"`)
    }),

  choice: <const C extends string>(
    description: string,
    choices: readonly C[],
    extra: { readonly default: C },
  ) => ({
    ...declare(description, `<${choices.join('|')}>`, extra, (text): C => {
      const written = text.trim() || extra.default
      const found = choices.find((choice) => choice === written)
      if (found === undefined)
        throw new ConfigurationError(`expected ${choices.join(' or ')}, found "${written}"`)
      return found
    }),
    choices,
  }),

  /** Arguments of a program as they stand on a command line: quotes hold them together, nothing else is read in them. */
  arguments: (description: string) =>
    declare(description, '<arguments>', {}, (text): readonly string[] => parseArguments(text)),

  /** Written with its unit, as in 30s; milliseconds. */
  duration: (description: string, extra: { readonly default: string }) =>
    declare(description, '<time>', extra, (text): number => {
      const written = text.trim() || extra.default
      const ms = parseDuration(written)
      if (ms === undefined)
        throw new ConfigurationError(`expected a time with its unit, as in 30s, found "${written}"`)
      return ms
    }),

  /** `NAME=value` lines for the environment of the job. What belongs to the runner is refused. */
  variables: (description: string) =>
    declare(description, '<NAME=value>', {}, (text): Readonly<Record<string, string>> => {
      const lines = text.split('\n').filter((line) => line.trim() !== '')
      return Object.fromEntries(lines.map((line) => variableIn(line.trim())))
    }),

  /** Content of a .netrc. */
  netrc: (description: string): Input<string | undefined> => ({
    ...declare(description, '<netrc>', {}, (text): string | undefined => {
      if (text.trim() === '') return undefined
      if (!/(^|\s)(machine|default)\s/.test(text))
        throw new ConfigurationError('expected machine, login and password')
      return text.trim()
    }),
    secrets: secretWords,
  }),

  /** A number of days, from 1 to 400: as long as a repository keeps artifacts at the most. */
  days: (description: string) =>
    declare(description, '<days>', {}, (text): number | undefined => {
      const written = text.trim()
      if (written === '' || written === '0') return undefined
      if (/^\d{1,3}$/.test(written) && Number(written) <= 400) return Number(written)
      throw new ConfigurationError(`expected a number of days from 1 to 400, found "${written}"`)
    }),

  /** Some of several words, separated by commas or line ends; all of them where none is given. */
  some: <const C extends string>(description: string, choices: readonly C[]) => ({
    ...declare(description, `<${choices.join(',')}>`, {}, (text): readonly C[] => {
      const chosen = chosenFrom(choices, text)
      return chosen.length > 0 ? chosen : choices
    }),
    choices,
  }),

  /** The same, and none of them where none is given. */
  someOrNone: <const C extends string>(description: string, choices: readonly C[]) => ({
    ...declare(description, `<${choices.join(',')}>`, {}, (text) => chosenFrom(choices, text)),
    choices,
  }),

  /** `2/4`: the second of four parts. */
  shard: (description: string) =>
    declare(description, '<n/m>', {}, (text): { index: number; total: number } | undefined => {
      if (text.trim() === '') return undefined
      const match = /^\s*(\d{1,3})\/(\d{1,3})\s*$/.exec(text)
      const [index, total] = [Number(match?.[1]), Number(match?.[2])]
      if (!match || index < 1 || index > total) {
        throw new ConfigurationError(
          `expected a part and how many there are, as in 2/4, found "${text.trim()}"`,
        )
      }
      return { index, total }
    }),
}

/** What a job's environment must not be given: the runner's own, and what would lead its programs astray. */
const OF_THE_RUNNER = /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE)_|^(NODE_OPTIONS|PATH|CI|HOME)$/i

function variableIn(line: string): readonly [string, string] {
  const [, name = '', value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
  // A value may be a password.
  if (name === '') throw new ConfigurationError(`expected NAME=value, found "${line.split('=')[0]}"`)
  if (OF_THE_RUNNER.test(name)) throw new ConfigurationError(`${name} belongs to the runner`)
  return [name, value]
}

function chosenFrom<const C extends string>(choices: readonly C[], text: string): readonly C[] {
  const words = text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const unknown = words.find((word) => !choices.some((choice) => choice === word))
  if (unknown !== undefined) {
    const near = nearest(unknown, choices)
    throw new ConfigurationError(
      `expected some of ${choices.join(', ')}, found "${unknown}"`,
      near === undefined ? {} : { fix: `did you mean ${near}?` },
    )
  }
  return choices.filter((choice) => words.includes(choice))
}
