import { parseArgsStringToArgv as parseArguments } from 'string-argv'
import type { Log } from '../process/log.ts'
import type { Project } from '../project/load.ts'
import { parseDuration } from '../project/measures.ts'
import type { KeyPath } from '../project/source.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { StageResult } from '../result/stage-result.ts'
import type { Stage } from '../result/stages.ts'
import type { CacheStore, StageContext } from '../stages/context.ts'
import type { Artifacts } from './artifacts/artifacts.ts'
import type { Runner } from './runner.ts'

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
  /** Throws a ConfigurationError that says what is wrong with the text, without the input's name. */
  readonly parse: (text: string) => T
}

export interface Output {
  readonly description: string
}

type Inputs = Readonly<Record<string, Input<unknown>>>
type Outputs = Readonly<Record<string, Output>>

/** The parsed values of declared inputs, under the same names. */
export type Values<I extends Inputs> = { readonly [K in keyof I]: ReturnType<I[K]['parse']> }

/** What an action's work gets. */
export interface ActionContext<I extends Inputs> {
  readonly inputs: Values<I>
  readonly project: Project
  readonly stage: StageContext
  readonly artifacts: Artifacts
  /** Where tools and caches are; see Runner. */
  readonly place: Pick<Runner, 'toolCache' | 'userCache' | 'caches' | 'savesCaches'>
  /** Folder for logs beside the stage's own, absolute; it need not exist. */
  readonly logs: string
  /** What the artifact of a stage (and part, as in 2/4) is called in this run. */
  readonly artifactName: (stage: Stage, shard?: string) => string
}

/** What an action's work gives: outputs as text or JSON, files for its artifact (absolute), its result. */
export interface ActionOutcome<O extends Outputs> {
  readonly outputs: { readonly [K in keyof O]: unknown }
  readonly result?: StageResult
  readonly files?: readonly string[]
  /** Markdown that the summary shows between the verdict and the checks. */
  readonly details?: string
  /** What the steps, or in a terminal the stages, that follow find in their environment. */
  readonly environment?: EnvironmentChange
  /** Goes to `post`, as JSON. */
  readonly state?: unknown
}

/** A change of the environment of what comes after an action. */
export interface EnvironmentChange {
  /** Folders for the front of PATH, the first one first. */
  readonly path: readonly string[]
  readonly variables: Readonly<Record<string, string>>
}

/** What an action's work at the end of its job gets: no inputs and no project, only what was left for it. */
interface PostContext {
  readonly state: unknown
  readonly log: Log
  readonly signal: AbortSignal
  readonly caches: CacheStore | undefined
}

/** An action as src/actions declares it. */
export interface Action<I extends Inputs = Inputs, O extends Outputs = Outputs> {
  /** Shown in the marketplace and the log. */
  readonly title: string
  readonly description: string
  /** The stage that it runs; none for an action that only moves things. */
  readonly stage?: Stage
  /** False for a stage that many jobs of a run go through: their artifacts would bear one name. */
  readonly uploads?: boolean
  readonly inputs: I
  readonly outputs: O
  readonly run: (context: ActionContext<I>) => Promise<ActionOutcome<O>>
  /** Runs when the job ends well, on a runner alone, when `run` left a state. Whatever it throws is a warning. */
  readonly post?: (context: PostContext) => Promise<void>
}

/** Whether an action has a post step: what runs a stage starts processes, which are looked for at the end of the job. */
export function hasPostStep({ stage, post }: Action): boolean {
  return stage !== undefined || post !== undefined
}

/**
 * The variable that tells the rest of the job that an action has come to its end, so that its post step is about its
 * work alone and not about processes any more.
 */
export function endedVariable(name: string): string {
  return `MESH_ENDED_${name.replaceAll('-', '_').toUpperCase()}`
}

/** Declares an action. Its common inputs and outputs (`COMMON_INPUTS`, `verdict`) are added where they are read. */
export function action<I extends Inputs, O extends Outputs>(declared: Action<I, O>): Action<I, O> {
  return declared
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
  ) =>
    declare(description, `<${choices.join('|')}>`, extra, (text): C => {
      const written = text.trim() || extra.default
      const found = choices.find((choice) => choice === written)
      if (found === undefined)
        throw new ConfigurationError(`expected ${choices.join(' or ')}, found "${written}"`)
      return found
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

  /** Some of several words, separated by commas or line ends; all of them where none is given. */
  some: <const C extends string>(description: string, choices: readonly C[]) =>
    declare(description, `<${choices.join(',')}>`, {}, (text): readonly C[] => {
      const words = text
        .split(/[,\n]/)
        .map((word) => word.trim())
        .filter((word) => word !== '')
      const unknown = words.find((word) => !choices.some((choice) => choice === word))
      if (unknown !== undefined) {
        throw new ConfigurationError(`expected some of ${choices.join(', ')}, found "${unknown}"`)
      }
      return words.length > 0 ? choices.filter((choice) => words.includes(choice)) : choices
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

export const output = {
  text: (description: string): Output => ({ description }),
  json: (description: string): Output => ({ description: `${description} (JSON)` }),
}

/** What every action takes. */
export const COMMON_INPUTS = {
  config: input.path('The project file, relative to working-directory; default mesh.yml, where there is one'),
  workingDirectory: input.path('Folder of the project, relative to the workspace', { default: '.' }),
  name: input.text(
    'Tells the artifacts of two pipelines in one run apart: they are called mesh-<name>-<stage>',
  ),
}

/** What every action that runs a stage takes besides. */
export const STAGE_INPUTS = {
  onInconclusive: input.choice('What a verdict of inconclusive does to the step', ['fail', 'warn'], {
    default: 'fail',
  }),
  upload: input.flag('Uploads the result and what was made as an artifact', { default: 'true' }),
}

const STAGE_OUTPUTS = {
  verdict: output.text('pass, fail or inconclusive'),
}

/** Everything an action takes, the common inputs included, in the order in which it is shown. */
export function allInputs(declared: Action): Inputs {
  const { upload, ...ofStage } = STAGE_INPUTS
  return {
    ...COMMON_INPUTS,
    ...declared.inputs,
    ...(declared.stage ? ofStage : {}),
    ...(declared.stage && declared.uploads !== false ? { upload } : {}),
  }
}

/** Everything an action gives. */
export function allOutputs(declared: Action): Outputs {
  return { ...(declared.stage ? STAGE_OUTPUTS : {}), ...declared.outputs }
}

/** The name as users write it: workingDirectory is working-directory. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
