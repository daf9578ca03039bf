import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allEnded } from '../../process/all-ended.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatBytes, formatDuration, within } from '../../result/units.ts'
import { noteMakingTime } from '../../toolchain/making-time.ts'
import { buildPlatform, type CommandBuild, fileName, platformEnvironment } from './build.ts'
import { type BuildInfo, readBuildInfo } from './build-info.ts'
import { type BuildRun, dashed } from './build-run.ts'
import { sha256Aside } from './hash.ts'
import { mistakenIdentity } from './identity.ts'
import { cgoCheck } from './lost-cgo.ts'
import type { Binary } from './manifest.ts'
import { notBuilt } from './not-built.ts'
import { listPackages, mainPackage } from './packages.ts'
import type { Command } from './plan.ts'
import { type Stamped, stampChecks } from './stamp.ts'
import { printedVersion, startFailure, trialOf } from './start.ts'

/** A binary that was looked at, and where it lies until it is placed. */
export interface MadeBinary {
  readonly file: string
  readonly binary: Binary
}

export interface PlatformResult {
  readonly checks: readonly Check[]
  readonly made: readonly MadeBinary[]
}

/** Builds one platform and proves what was built. */
export async function makePlatform(platform: string, run: BuildRun): Promise<PlatformResult> {
  const { commands, settings, toolchain, context } = run
  const module = run.project.resolve(run.project.config.go.directory)
  const folder = join(run.temporary, dashed(platform))
  const [builds, listed] = await allEnded([
    context.log.task(`build ${platform}`, async (output) => {
      const startedAt = performance.now()
      const all = await buildPlatform(
        platform,
        commands,
        { module, folder, temporary: run.temporary },
        settings,
        output,
      )
      const { GOCACHE } = platformEnvironment(platform, settings)
      if (GOCACHE !== undefined) await noteMakingTime(GOCACHE, performance.now() - startedAt)
      return all
    }),
    listPackages(commands, {
      cwd: module,
      env: platformEnvironment(platform, settings),
      tags: settings.config.tags,
      temporary: run.temporary,
      signal: context.signal,
    }),
  ])
  const built = await filesThatExist(builds)
  const infos = await readBuildInfo(
    [...built.values()].map(({ file }) => file),
    { cwd: module, signal: context.signal },
  )
  const checks: Check[] = [cgoCheck(platform, listed, settings)]
  const made: MadeBinary[] = []
  const stamped: Stamped[] = []
  for (const build of builds) {
    const { command } = build
    const of = `${command.name}/${dashed(platform)}`
    const found = built.get(command)
    checks.push({
      id: `built/${of}`,
      title: `${command.name} for ${platform} is built`,
      ...(found
        ? { verdict: 'pass', measured: { value: build.outcome.durationMs, unit: 'ms' } }
        : notBuilt(build, run)),
    })
    if (!found) continue
    const { file, bytes, hash } = found
    const info = infos.get(file)
    const main = await mainPackage(command, listed, { folder: module, module: toolchain.module })
    const mistake = mistakenIdentity(bytes, info, { platform, ...main, cgo: settings.config.cgo })
    checks.push({
      id: `identity/${of}`,
      title: `${command.name} for ${platform} is what it says`,
      verdict: mistake === undefined ? 'pass' : 'fail',
      detail: mistake ?? `${info?.goVersion}, ${info?.modules.length} modules`,
    })
    checks.push(...sizeCheck(of, command, bytes.length, run))
    const native = platform === toolchain.host ? await startNative(command, file, run) : undefined
    if (native) checks.push(native.check)
    stamped.push({ command, bytes, printed: native?.printed })
    made.push({ file, binary: describeBinary(command, platform, bytes.length, hash, info, run) })
  }
  checks.push(...(await stampChecks(platform, stamped, run)))
  return { checks, made }
}

interface BuiltFile {
  readonly file: string
  readonly bytes: Buffer
  readonly hash: string
}

/** Reads what was built before any of it is started: from here on a file is known by its hash. */
async function filesThatExist(builds: readonly CommandBuild[]): Promise<ReadonlyMap<Command, BuiltFile>> {
  const found = new Map<Command, BuiltFile>()
  for (const { command, file } of builds) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (bytes) found.set(command, { file, bytes, hash: await sha256Aside(bytes) })
  }
  return found
}

function sizeCheck(of: string, command: Command, bytes: number, { project }: BuildRun): readonly Check[] {
  const most = project.config.go['size-limits'][command.name]
  if (most === undefined) return []
  const measured = { value: bytes, unit: 'bytes' } as const
  const limit = { kind: 'at-most', value: most, unit: 'bytes' } as const
  return [
    {
      id: `size/${of}`,
      title: `${of} keeps to its size`,
      verdict: within(measured, limit) ? 'pass' : 'fail',
      detail: `${formatBytes(bytes)}, at most ${formatBytes(most)}`,
      measured,
      limit,
    },
  ]
}

/** Starts a program of this machine's platform, and asks it for its version where one was stamped. */
async function startNative(
  command: Command,
  file: string,
  { settings, context }: BuildRun,
): Promise<{ readonly check: Check; readonly printed: string | undefined }> {
  await using trial = await trialOf(file, context.temporary)
  const asking = { cwd: trial.cwd, signal: context.signal }
  const startedAt = performance.now()
  const failure = await startFailure(trial.file, asking)
  const durationMs = performance.now() - startedAt
  const check: Check = {
    id: `starts/${command.name}`,
    title: `${command.name} starts on this machine`,
    verdict: failure === undefined ? 'pass' : 'fail',
    detail: failure ?? `it started and ended in ${formatDuration(durationMs)}`,
  }
  return {
    check,
    printed: settings.version === undefined ? undefined : await printedVersion(trial.file, asking),
  }
}

function describeBinary(
  command: Command,
  platform: string,
  sizeBytes: number,
  hash: string,
  info: BuildInfo | undefined,
  { previous }: BuildRun,
): Binary {
  const before = previous?.binaries.find((one) => one.command === command.name && one.platform === platform)
  return {
    command: command.name,
    path: fileName(command, platform),
    platform,
    sizeBytes,
    sha256: hash,
    ...(before ? { previousSizeBytes: before.sizeBytes } : {}),
    goVersion: info?.goVersion ?? 'unknown',
    package: info?.package ?? 'unknown',
    modules: [...(info?.modules ?? [])],
  }
}
