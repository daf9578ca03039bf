import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { getExecOutput } from '@actions/exec'
import { childEnvironment } from '../process/environment.ts'
import type { Log } from '../process/log.ts'
import { endMarked, marked } from '../process/mark.ts'
import { guard } from '../process/watchdog.ts'
import { loadProject, type Override, type Project } from '../project/load.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { cause } from '../result/judge.ts'
import type { StageResult } from '../result/stage-result.ts'
import type { Verdict } from '../result/verdict.ts'
import type { Artifacts } from './artifacts/artifacts.ts'
import {
  type Action,
  type ActionOutcome,
  allInputs,
  type COMMON_INPUTS,
  type Output,
  type STAGE_INPUTS,
  type Values,
} from './declare.ts'
import { fileStem, forgetResult, keepResult, prepareOut } from './out-folder.ts'
import { recordedLog } from './recorded-log.ts'
import type { Runner } from './runner.ts'
import { hidingSecrets, secretsOf, withoutSecrets, withoutSecretsIn } from './secrets.ts'
import { makeTemporary } from './temporary-folder.ts'

/** What a user asked for, in the words that were used. */
export interface Request {
  /** The text given for an input (in camelCase); empty when it was not given. */
  readonly text: (name: string) => string
  /** How the user calls an input: `input "platforms"`, `--platforms`. */
  readonly label: (name: string) => string
  /** Folder for results and logs; relative to the project. */
  readonly out?: string | undefined
  readonly signal: AbortSignal
  /** Whether other stages are at work now; default none is. */
  readonly isDisturbed?: () => boolean
}

/** What an action gave, with its verdict among the outputs. */
export interface Performed extends Pick<ActionOutcome<Record<string, Output>>, 'environment' | 'state'> {
  readonly outputs: Readonly<Record<string, unknown>>
  /** Of an action that runs a stage. */
  readonly result: StageResult | undefined
  /** Why it is not green, in one line. */
  readonly cause: string | undefined
  /** What the process should end with: as the verdict, or `pass` where `on-inconclusive` only warns. */
  readonly effective: Verdict
}

/** Runs an action anywhere: reads its inputs and the project, does the work, shows, keeps and uploads the result. */
export async function perform(declared: Action, request: Request, runner: Runner): Promise<Performed> {
  const secrets = secretsOf(declared, request.text)
  for (const secret of secrets) runner.mask(secret)
  const values = parseInputs(declared, request)
  const common = values as Values<typeof COMMON_INPUTS> & Values<typeof STAGE_INPUTS>
  const project = loadProject({
    directory: resolve(runner.workspace, common.workingDirectory ?? '.'),
    file: declared.readsProject === false ? null : common.config,
    overrides: overridesOf(declared, values, request),
  })
  if (common.name !== undefined && !/^[A-Za-z0-9._-]+$/.test(common.name)) {
    throw new ConfigurationError(
      `${request.label('name')}: expected letters, digits, dots and dashes, found "${common.name}"`,
    )
  }
  // Parts of one stage may run side by side in one workspace, each with a log and a result of its own.
  const shard = 'shard' in declared.inputs ? request.text('shard').trim() || undefined : undefined
  const out = await prepareOut(project, request.out)
  if (declared.stage) await forgetResult(out, declared.stage, shard)
  const commit = (await headCommit(project.directory)) ?? runner.commit ?? 'unknown'
  const artifacts = runner.artifacts(commit)
  const temporary = join(runner.temporary, `mesh-${randomUUID().slice(0, 8)}`)
  // Whatever way this process ends, none of its children works on.
  await using _watchdog = guard([temporary])
  await makeTemporary(temporary)
  try {
    const logFile = join(out, 'logs', `${fileStem(declared.stage ?? 'log', shard)}.log`)
    await using recorded = recordedLog(runner.log, logFile)
    const log = withoutSecrets(recorded.log, secrets)
    const { result: found, ...outcome } = await marked(() =>
      declared
        .run({
          inputs: values,
          project,
          artifacts,
          place: runner,
          logs: join(out, 'logs', declared.stage ?? 'log'),
          artifactName: (stage, part) => artifactName(common.name, fileStem(stage, part)),
          forgivesInconclusive: common.onInconclusive === 'warn',
          out,
          stage: {
            log,
            signal: request.signal,
            attempt: runner.attempt,
            commit,
            now: () => new Date(),
            temporary,
            isDisturbed: request.isDisturbed ?? (() => false),
          },
        })
        .catch((error) => {
          throw error instanceof ConfigurationError ? withoutSecretsIn(error, secrets) : error
        })
        .finally(() => endLeftOvers(log)),
    )
    const result = hidingSecrets(found, secrets)
    const forgiven = (verdict: Verdict) =>
      verdict === 'inconclusive' && common.onInconclusive === 'warn' ? 'pass' : verdict
    if (!result) {
      const { conclusion } = outcome
      if (conclusion) await runner.summarise(conclusion.summary)
      return {
        ...outcome,
        result,
        cause: conclusion?.cause,
        effective: forgiven(conclusion?.verdict ?? 'pass'),
      }
    }
    await recorded.written()
    const files = [...(outcome.files ?? []), await keepResult(out, result), logFile]
    await runner.show(result, project, outcome.details)
    const effective = forgiven(result.verdict)
    await uploadResult({ declared, result, effective, files, shard, common, project, artifacts, runner })
    return {
      ...outcome,
      outputs: { verdict: result.verdict, ...outcome.outputs },
      result,
      cause: cause(result),
      effective,
    }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Uploads what a stage found and made, if that is wanted. */
async function uploadResult({
  declared,
  result,
  effective,
  files,
  shard,
  common,
  project,
  artifacts,
  runner,
}: {
  readonly declared: Action
  readonly result: StageResult
  readonly effective: Verdict
  readonly files: readonly string[]
  readonly shard: string | undefined
  readonly common: Values<typeof COMMON_INPUTS> & Partial<Values<typeof STAGE_INPUTS>>
  readonly project: Project
  readonly artifacts: Artifacts
  readonly runner: Runner
}): Promise<void> {
  const upload = (stem: string) =>
    artifacts.upload(artifactName(common.name, stem), files, project.directory, common)
  if (declared.uploads === undefined) {
    // What ends the step is the last word of its job on this stage; after anything else a later step may have its own.
    if (common.upload === 'true' || (common.upload === 'red' && effective !== 'pass'))
      await upload(fileStem(result.stage, result.shard))
    return
  }
  if (result.verdict === 'pass' || runner.job === undefined) return
  try {
    await upload(fileStem(`${result.stage}-${runner.job}`, shard))
  } catch (error) {
    // The verdict is there and is shown; only the report would have had it in its own words.
    if (!(error instanceof ConfigurationError)) throw error
    runner.log.warn(error.oneLine)
  }
}

/** Nothing that a stage started may outlive it, and nothing may be at work when results are written. */
function endLeftOvers(log: Log): void {
  const ended = endMarked()
  if (ended.length > 0) log.warn(`ended what was left running: ${ended.join(', ')}`)
}

/** `mesh-<name>-<stage>`, with `-<n>-of-<m>` for a part: names of artifacts may hold no slash. */
function artifactName(name: string | undefined, stem: string): string {
  return ['mesh', name, stem].filter((part) => part !== undefined).join('-')
}

/**
 * Reads what was given for an action's inputs. Throws a ConfigurationError, with the user's own name for the input, for
 * the first that cannot be read.
 */
export function parseInputs(
  declared: Action,
  { text, label }: Pick<Request, 'text' | 'label'>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(allInputs(declared)).map(([name, input]) => {
      try {
        return [name, input.parse(text(name))]
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error
        throw new ConfigurationError(`${label(name)}: ${error.message}`, { fix: error.fix })
      }
    }),
  )
}

function overridesOf(
  declared: Action,
  values: Record<string, unknown>,
  { label }: Request,
): readonly Override[] {
  return Object.entries(allInputs(declared)).flatMap(([name, input]) =>
    input.overrides && values[name] !== undefined
      ? [{ path: input.overrides, value: values[name], from: label(name) }]
      : [],
  )
}

/**
 * What asks git. Where there is `env` it looks for git: looking itself, the library prints to stdout, where results may
 * go, when a folder of PATH may not be looked into.
 */
const GIT: readonly [string, ...string[]] = process.platform === 'win32' ? ['git'] : ['/usr/bin/env', 'git']

/** The commit that is checked out; undefined outside of git, and where there is no git. */
async function headCommit(directory: string): Promise<string | undefined> {
  const [file, ...args] = GIT
  try {
    const { exitCode, stdout } = await getExecOutput(file, [...args, 'rev-parse', '--verify', 'HEAD'], {
      cwd: directory,
      env: childEnvironment(process.env),
      silent: true,
      ignoreReturnCode: true,
    })
    return exitCode === 0 ? stdout.trim() : undefined
  } catch (error) {
    // What it throws when there is no git.
    if (error instanceof Error && error.message.includes('Unable to locate executable')) return undefined
    throw error
  }
}
