import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, posix, relative } from 'node:path'
import pLimit from 'p-limit'
import { allEnded } from '../../process/all-ended.ts'
import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { judge } from '../../result/judge.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { runBefore } from './before.ts'
import { readManifest, writeManifest } from './files.ts'
import { buildablePlatforms, findToolchain } from './go.ts'
import { type Binary, CHECKSUMS, type Manifest } from './manifest.ts'
import { moduleFolder, outputFolder, planCommands, planPlatforms, type Shard } from './plan.ts'
import { makePlatform, type PlatformResult, type Workshop } from './platform.ts'
import { buildAgain } from './reproduce.ts'

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

  const prepared = await runBefore(project, context)
  const ready = prepared.every((check) => check.verdict === 'pass')
  const made = ready ? await make(plan, options, context) : { checks: [], binaries: [] }
  // Also where nothing was built: what an earlier run left in the folder is not vouched for any more.
  await writeManifest(folder, manifestOf(made.binaries, options, context))

  return judge({
    stage: 'cross-compile-go',
    shard: options.shard && `${options.shard.index}/${options.shard.total}`,
    attempt: context.attempt,
    commit: context.commit,
    startedAt,
    endedAt: context.now(),
    checks: [...prepared, ...made.checks],
    required: ready
      ? ['built', 'identity', 'cgo', ...(platforms.includes(toolchain.host) ? ['starts'] : [])]
      : [],
    tools: { go: toolchain.version },
    data: { folder: relative(project.directory, folder).replaceAll('\\', '/'), binaries: made.binaries },
  })
}

/** Where the checksums stand, relative to the project. */
export function checksumsFile(data: CrossCompileData): string {
  return posix.join(data.folder, CHECKSUMS)
}

type Plan = Omit<Workshop, 'temporary'> & { readonly platforms: readonly string[] }

/** Settles everything that a user can have got wrong, before the first command of the project runs. */
async function planBuild(
  project: Project,
  options: CrossCompileOptions,
  context: StageContext,
): Promise<Plan> {
  const { config } = project
  const asking = { cwd: moduleFolder(project), signal: context.signal }
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
      host: toolchain.host,
      commit: context.commit,
      version: options.version,
      // Compiling is bound by the processors: one platform for each, and what is left over within a platform.
      parallel: Math.max(1, Math.floor(availableParallelism() / platforms.length)),
      signal: context.signal,
    },
  }
}

async function make(
  plan: Plan,
  options: CrossCompileOptions,
  context: StageContext,
): Promise<PlatformResult> {
  const temporary = await mkdtemp(join(context.temporary, 'build-'))
  try {
    const shop: Workshop = { ...plan, temporary }
    const limit = pLimit(availableParallelism())
    const made = await allEnded(
      plan.platforms.map((platform) =>
        limit(() => {
          context.signal.throwIfAborted()
          return makePlatform(platform, shop)
        }),
      ),
    )
    const binaries = made.flatMap((one) => one.binaries)
    const again = options.reproducible
      ? await context.log.task('build again, elsewhere', () => buildAgain(shop, plan.platforms, binaries))
      : []
    return { binaries, checks: [...made.flatMap((one) => one.checks), ...sameFileTwice(binaries), ...again] }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Two binaries with one hash cannot both be right: a build wrote one over the other. */
function sameFileTwice(binaries: readonly Binary[]): readonly Check[] {
  return binaries.flatMap((binary, index) => {
    const twin = binaries.slice(0, index).find((other) => other.sha256 === binary.sha256)
    return twin
      ? [
          {
            id: `distinct/${binary.command}/${binary.platform.replace('/', '-')}`,
            title: `${binary.path} is a file of its own`,
            verdict: 'fail' as const,
            detail: `it is the same file as ${twin.path}`,
          },
        ]
      : []
  })
}

function manifestOf(
  binaries: readonly Binary[],
  options: CrossCompileOptions,
  context: StageContext,
): Manifest {
  return {
    schema: 1,
    commit: context.commit,
    ...(options.version === undefined ? {} : { version: options.version }),
    binaries: [...binaries],
  }
}
