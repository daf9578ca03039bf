import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { getExecOutput } from '@actions/exec'
import { childEnvironment } from '../process/environment.ts'
import { loadProject, type Override } from '../project/load.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { StageResult } from '../result/stage-result.ts'
import type { Verdict } from '../result/verdict.ts'
import {
  type Action,
  allInputs,
  type COMMON_INPUTS,
  type EnvironmentChange,
  type STAGE_INPUTS,
  type Values,
} from './declare.ts'
import { recordedLog } from './recorded-log.ts'
import type { Runner } from './runner.ts'

/** Where results and logs go when nothing else was asked for, relative to the project. */
const OUT = '.mesh'

/** What a user asked for, in the words that were used. */
export interface Request {
  /** The text given for an input (in camelCase); empty when it was not given. */
  readonly text: (name: string) => string
  /** How the user calls an input: `input "platforms"`, `--platforms`. */
  readonly label: (name: string) => string
  /** Folder for results and logs; relative to the project. */
  readonly out?: string | undefined
  readonly signal: AbortSignal
}

export interface Performed {
  readonly outputs: Readonly<Record<string, unknown>>
  /** Of an action that runs a stage. */
  readonly result: StageResult | undefined
  readonly environment: EnvironmentChange | undefined
  readonly state: unknown
  /** What the process should end with: as the verdict, or `pass` where `on-inconclusive` only warns. */
  readonly effective: Verdict
}

/** Runs an action anywhere: reads its inputs and the project, does the work, shows, keeps and uploads the result. */
export async function perform(declared: Action, request: Request, runner: Runner): Promise<Performed> {
  const values = parseInputs(declared, request)
  const common = values as Values<typeof COMMON_INPUTS> & Values<typeof STAGE_INPUTS>
  const project = loadProject({
    directory: resolve(runner.workspace, common.workingDirectory ?? '.'),
    file: common.config,
    overrides: overridesOf(declared, values, request),
  })
  if (common.name !== undefined && !/^[A-Za-z0-9._-]+$/.test(common.name)) {
    throw new ConfigurationError(
      `${request.label('name')}: expected letters, digits, dots and dashes, found "${common.name}"`,
    )
  }
  const out = resolve(project.directory, request.out ?? OUT)
  await prepareOut(out)
  const commit = (await headCommit(project.directory)) ?? runner.commit ?? 'unknown'
  const artifacts = runner.artifacts(commit)
  const temporary = await mkdtemp(join(runner.temporary, 'mesh-'))
  try {
    await using recorded = recordedLog(runner.log, join(out, 'logs', `${declared.stage ?? 'log'}.log`))
    const { outputs, result, files, details, environment, state } = await declared.run({
      inputs: values,
      project,
      artifacts,
      place: runner,
      artifactName: (stage, shard) => artifactName(common.name, stage, shard),
      stage: {
        log: recorded.log,
        signal: request.signal,
        attempt: runner.attempt,
        commit,
        now: () => new Date(),
        temporary,
      },
    })
    if (!result) return { outputs, result, environment, state, effective: 'pass' }

    const kept = join(out, 'results', `${fileStem(result)}.json`)
    await writeWhole(kept, `${JSON.stringify(result, null, 2)}\n`)
    await runner.show(result, project.directory, details)
    if (common.upload) {
      await artifacts.upload(
        artifactName(common.name, result.stage, result.shard),
        [...(files ?? []), kept],
        project.directory,
      )
    }
    const forgiven = result.verdict === 'inconclusive' && common.onInconclusive === 'warn'
    return {
      outputs: { verdict: result.verdict, ...outputs },
      result,
      environment,
      state,
      effective: forgiven ? 'pass' : result.verdict,
    }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** `mesh-<name>-<stage>`, with `-<n>-of-<m>` for a part: names of artifacts may hold no slash. */
function artifactName(name: string | undefined, stage: string, shard?: string): string {
  return ['mesh', name, stage, shard?.replace('/', '-of-')].filter((part) => part !== undefined).join('-')
}

function fileStem({ stage, shard }: StageResult): string {
  return shard === undefined ? stage : `${stage}-${shard.replace('/', '-of-')}`
}

function parseInputs(declared: Action, { text, label }: Request): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(allInputs(declared)).map(([name, input]) => {
      try {
        return [name, input.parse(text(name))]
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error
        throw new ConfigurationError(`${label(name)}: ${error.message}`)
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

/** The commit that is checked out; undefined outside of git, and where there is no git. */
async function headCommit(directory: string): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await getExecOutput('git', ['rev-parse', 'HEAD'], {
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

/** The folder ignores itself, so that results never show up as changes of the project. */
async function prepareOut(out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  await writeFile(join(out, '.gitignore'), '*\n')
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
}
