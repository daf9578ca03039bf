import type { Log } from '../process/log.ts'
import type { Project } from '../project/load.ts'
import type { StageResult } from '../result/stage-result.ts'
import type { Stage } from '../result/stages.ts'
import type { Verdict } from '../result/verdict.ts'
import type { CacheStore, StageContext } from '../stages/context.ts'
import type { Artifacts } from './artifacts/artifacts.ts'
import { type Input, input } from './inputs.ts'
import type { Runner } from './runner.ts'

export { input } from './inputs.ts'

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
  readonly place: Pick<
    Runner,
    'workspace' | 'toolCache' | 'userCache' | 'caches' | 'savesCaches' | 'repository' | 'commit'
  >
  /** Folder for logs beside the stage's own, absolute; it need not exist. */
  readonly logs: string
  /** What the artifact of a stage (and part, as in 2/4), or of the report, is called in this run. */
  readonly artifactName: (stage: Stage | 'report', shard?: string) => string
  /** The folder of results and logs, absolute. */
  readonly out: string
  /** Whether the user lets pass what could not be proven. */
  readonly forgivesInconclusive: boolean
}

/** What an action's work gives: outputs as text or JSON, files for its artifact (absolute), its result. */
export interface ActionOutcome<O extends Outputs> {
  readonly outputs: { readonly [K in keyof O]: unknown }
  readonly result?: StageResult
  readonly files?: readonly string[]
  /** Markdown that the summary shows between the verdict and the checks. */
  readonly details?: string
  /** Of an action that judges what stages found, without running one. */
  readonly conclusion?: Conclusion
  /** What the steps, or in a terminal the stages, that follow find in their environment. */
  readonly environment?: EnvironmentChange
  /** Goes to `post`, as JSON. */
  readonly state?: unknown
}

/** A verdict over what others found, as an action comes to it that runs no stage itself. */
interface Conclusion {
  readonly verdict: Exclude<Verdict, 'skipped'>
  /** Why it is not green, in one line. */
  readonly cause: string | undefined
  /** The job's whole summary, in Markdown. */
  readonly summary: string
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
  /**
   * The stages that it waits for where all run on one machine: those that it needs something of, and those that would
   * disturb each other's measurements. Default: all that come before it in a pipeline.
   */
  readonly after?: readonly Stage[]
  /**
   * `red`: its result is uploaded only when it is not green, under the job's name: many jobs of a run go through it.
   * Default: as the input `upload` says.
   */
  readonly uploads?: 'red'
  /** False for an action to which the project is only a folder: a mistake in mesh.yml must not stop it. */
  readonly readsProject?: false
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

export const output = {
  text: (description: string): Output => ({ description }),
  json: (description: string): Output => ({ description: `${description} (JSON)` }),
}

/** What every action takes. */
export const COMMON_INPUTS = {
  config: input.path(
    'The project file, relative to the folder of the project; default mesh.yml, where there is one',
  ),
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
  upload: input.choice(
    'Uploads the result and what was made as an artifact; red: only when it is not green',
    ['true', 'false', 'red'],
    { default: 'true' },
  ),
  retentionDays: input.days(
    'Days that the artifact is kept, 1 to 400; 0 or nothing: as long as the repository has set',
  ),
}

const STAGE_OUTPUTS = {
  verdict: output.text('pass, fail or inconclusive'),
}

/** What every action gives. */
const COMMON_OUTPUTS = {
  cause: output.text('Why the step failed, in one line; empty when it did not'),
}

/** Everything an action takes, the common inputs included, in the order in which it is shown. */
export function allInputs(declared: Action): Inputs {
  const { upload, ...ofStage } = STAGE_INPUTS
  return {
    ...COMMON_INPUTS,
    ...declared.inputs,
    ...(declared.stage ? ofStage : {}),
    ...(declared.stage && declared.uploads === undefined ? { upload } : {}),
  }
}

/** Everything an action gives. */
export function allOutputs(declared: Action): Outputs {
  return { ...(declared.stage ? STAGE_OUTPUTS : {}), ...declared.outputs, ...COMMON_OUTPUTS }
}

/** What an input means, with all that its declaration says of its values, for whoever reads no help of the CLI. */
export function meaning({ description, choices, overrides }: Input<unknown>): string {
  return [
    description,
    ...(choices === undefined ? [] : [` (${choices.join(', ')})`]),
    ...(overrides === undefined ? [] : [` (overrides ${overrides.join('.')} of mesh.yml)`]),
  ].join('')
}

/** The name as users write it: workingDirectory is working-directory. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
