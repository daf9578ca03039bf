import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, posix, relative } from 'node:path'
import pLimit from 'p-limit'
import { allEnded } from '../../process/all-ended.ts'
import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { judge } from '../../result/judge.ts'
import type { Shard } from '../../result/shard.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { runBefore } from './before.ts'
import { type BuildRun, dashed } from './build-run.ts'
import { sameFileTwice } from './distinct.ts'
import { buildablePlatforms, findToolchain } from './go.ts'
import { makePlatform, type PlatformResult } from './make-platform.ts'
import { type Binary, CHECKSUMS } from './manifest.ts'
import { readManifest } from './manifest-file.ts'
import { moduleFolder, outputFolder, planCommands, planPlatforms } from './plan.ts'
import { type Published, publish } from './publish.ts'
import { buildAgain } from './reproduce.ts'
import { sourcesHash } from './sources.ts'

export interface CrossCompileOptions {
  /** Names in go.commands; default all. */
  readonly commands?: readonly string[] | undefined
  /** The part of the platforms that is built here; default all. */
  readonly shard?: Shard | undefined
  /** Stamped into main.version, or where go.ldflags says {version}. */
  readonly version?: string | undefined
  /** Builds everything a second time, elsewhere, and compares. */
  readonly reproducible?: boolean | undefined
  /** A binaries.json to compare sizes with, relative to the project. */
  readonly previous?: string | undefined
  /** Folder with a Go build cache for each platform; default Go's own cache. */
  readonly buildCaches?: string | undefined
}

export interface CrossCompileData {
  /** Folder of the binaries, relative to the project. */
  readonly folder: string
  readonly binaries: readonly Binary[]
}

/**
 * Builds every command for every platform of this shard, proves each binary to be what it says, and writes them
 * with binaries.json, SHA256SUMS and a bill of materials into go.output.
 * Throws a ConfigurationError before anything runs when the project or the machine cannot be built from.
 */
export async function crossCompile(
  project: Project,
  options: CrossCompileOptions,
  context: StageContext,
): Promise<StageResult<CrossCompileData>> {
  const startedAt = context.now()
  const plan = await planBuild(project, options, context)
  const { toolchain, platforms, folder } = plan

  const prepared = await runBefore(project.config.before, project.directory, context)
  const ready = prepared.every((check) => check.verdict === 'pass')
  // Before anything is built: what is changed in the meantime is not in the binaries.
  const sources = await sourcesHash(moduleFolder(project), context)
  const { checks, binaries } = await makeAndPublish(
    { ...plan, sources },
    ready ? platforms : [],
    options,
    context,
  )

  return judge({
    stage: 'cross-compile-go',
    shard: options.shard && `${options.shard.index}/${options.shard.total}`,
    attempt: context.attempt,
    commit: context.commit,
    startedAt,
    endedAt: context.now(),
    checks: [...prepared, ...checks],
    required: ready ? requiredOf(checks, toolchain.host) : [],
    tools: { go: toolchain.version },
    data: { folder: relative(project.directory, folder).replaceAll('\\', '/'), binaries },
  })
}

/** What must have been asked: of what was built also what it is, and of what this machine can start that it does. */
function requiredOf(checks: readonly Check[], host: string): readonly string[] {
  const built = checks.filter(({ id, verdict }) => id.startsWith('built/') && verdict === 'pass')
  return [
    'built',
    'cgo',
    ...(built.length > 0 ? ['identity'] : []),
    ...(built.some(({ id }) => id.endsWith(`/${dashed(host)}`)) ? ['starts'] : []),
  ]
}

/** Where the checksums stand, relative to the project. */
export function checksumsFile(data: CrossCompileData): string {
  return posix.join(data.folder, CHECKSUMS)
}

type Plan = Omit<BuildRun, 'temporary'> & {
  readonly platforms: readonly string[]
  /** Where the binaries end up. */
  readonly folder: string
}

/** Settles everything that a user can have got wrong, before the first command of the project runs. */
async function planBuild(
  project: Project,
  options: CrossCompileOptions,
  context: StageContext,
): Promise<Plan> {
  const { config } = project
  const asking = { cwd: moduleFolder(project), temporary: context.temporary, signal: context.signal }
  const [toolchain, buildable, previous] = await allEnded([
    findToolchain(asking),
    buildablePlatforms(asking),
    options.previous === undefined ? undefined : readManifest(project.resolve(options.previous)),
  ])
  if (options.version !== undefined && !/^[^\s'"\\]+$/.test(options.version)) {
    throw new ConfigurationError(`version "${options.version}" cannot be stamped`, {
      fix: 'use no spaces and quotes',
    })
  }
  const commands = planCommands(project, toolchain, options.commands)
  const platforms = planPlatforms(project, toolchain.host, buildable, options.shard)
  context.log.info(
    `${toolchain.version} builds ${commands.map((command) => command.name).join(', ')} for ${platforms.join(', ')}`,
  )
  return {
    project,
    toolchain,
    commands,
    platforms,
    folder: outputFolder(project),
    previous,
    context,
    settings: {
      config: config.go,
      commit: context.commit,
      version: options.version,
      // Compiling is bound by the processors: one platform for each, and what is left over within a platform.
      parallel: Math.max(1, Math.floor(availableParallelism() / platforms.length)),
      buildCaches: options.buildCaches,
      signal: context.signal,
    },
  }
}

/**
 * Makes the binaries in a temporary folder, and puts them in their place once everything is proved. Also where there
 * is nothing to make: what an earlier run left in the folder is not vouched for any more.
 */
async function makeAndPublish(
  plan: Plan & { readonly sources: string | undefined },
  platforms: readonly string[],
  options: CrossCompileOptions,
  context: StageContext,
): Promise<Published> {
  const temporary = await mkdtemp(join(context.temporary, 'build-'))
  try {
    const { made, checks } = await make({ ...plan, temporary }, platforms, options)
    const published = await publish(
      plan.folder,
      made,
      {
        schema: 1,
        commit: context.commit,
        ...(plan.sources === undefined ? {} : { sources: plan.sources }),
        ...(options.version === undefined ? {} : { version: options.version }),
      },
      context.signal,
    )
    return { binaries: published.binaries, checks: [...checks, ...published.checks] }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function make(
  run: BuildRun,
  platforms: readonly string[],
  { reproducible }: CrossCompileOptions,
): Promise<PlatformResult> {
  const limit = pLimit(availableParallelism())
  const results = await allEnded(
    platforms.map((platform) =>
      limit(() => {
        run.context.signal.throwIfAborted()
        return makePlatform(platform, run)
      }),
    ),
  )
  const made = results.flatMap((one) => one.made)
  const binaries = made.map(({ binary }) => binary)
  const again =
    reproducible && platforms.length > 0
      ? await run.context.log.task('build again, elsewhere', () => buildAgain(run, platforms, binaries))
      : []
  return { made, checks: [...results.flatMap((one) => one.checks), ...sameFileTwice(binaries), ...again] }
}
