import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { allEnded } from '../../process/all-ended.ts'
import type { Project } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatBytes, formatDuration, within } from '../../result/units.ts'
import type { StageContext } from '../context.ts'
import {
  type BuildSettings,
  buildPlatform,
  fileName,
  type PlatformBuild,
  platformEnvironment,
} from './build.ts'
import { type BuildInfo, readBuildInfo } from './build-info.ts'
import { type CompilerError, compilerErrors } from './compiler-errors.ts'
import { place, sha256 } from './files.ts'
import { firstComplaint, type Toolchain } from './go.ts'
import { mistakenIdentity } from './identity.ts'
import { packagesWithCgo } from './lost-cgo.ts'
import type { Binary, Manifest } from './manifest.ts'
import type { Command } from './plan.ts'
import { printedVersion, startFailure } from './start.ts'

/** What all platforms of one run share. */
export interface Workshop {
  readonly project: Project
  readonly toolchain: Toolchain
  readonly settings: BuildSettings
  readonly commands: readonly Command[]
  /** Where Go writes, a folder for each platform. */
  readonly temporary: string
  /** Where the binaries end up. */
  readonly folder: string
  readonly previous: Manifest | undefined
  readonly context: StageContext
}

export interface PlatformResult {
  readonly checks: readonly Check[]
  readonly binaries: readonly Binary[]
}

/** Builds one platform, proves what was built, and puts it in its place. */
export async function makePlatform(platform: string, shop: Workshop): Promise<PlatformResult> {
  const { settings, context } = shop
  const module = shop.project.resolve(shop.project.config.go.directory)
  const folder = join(shop.temporary, platform.replace('/', '-'))
  const [build, withCgo] = await allEnded([
    context.log.task(`build ${platform}`, (output) =>
      buildPlatform(platform, shop.commands, { module, folder }, settings, output),
    ),
    packagesWithCgo(shop.commands, {
      cwd: module,
      env: platformEnvironment(platform, settings),
      tags: settings.config.tags,
      signal: context.signal,
    }),
  ])
  const built = await filesThatExist(build)
  const infos = await readBuildInfo(
    built.map(({ file }) => file),
    { cwd: module, signal: context.signal },
  )
  const checks: Check[] = [...cgoCheck(platform, withCgo, settings)]
  const binaries: Binary[] = []
  for (const command of shop.commands) {
    const of = `${command.name}/${platform.replace('/', '-')}`
    const found = built.find((one) => one.command === command)
    if (!found) {
      checks.push(notBuilt(of, command, build, shop))
      continue
    }
    const info = infos.get(found.file)
    checks.push({
      id: `built/${of}`,
      title: `${command.name} for ${platform} is built`,
      verdict: 'pass',
      measured: { value: build.outcome.durationMs, unit: 'ms' },
    })
    checks.push(identityCheck(of, command, platform, found.bytes, info, shop))
    checks.push(...sizeCheck(of, command, found.bytes.length, shop))
    if (platform === shop.toolchain.host) checks.push(await startCheck(command, found.file, folder, context))
    checks.push(...(await stampCheck(of, command, platform, found, folder, shop)))
    const path = fileName(command, platform)
    await place(found.file, join(shop.folder, path))
    binaries.push(describeBinary(command, platform, path, found.bytes, info, shop.previous))
  }
  return { checks, binaries }
}

interface BuiltFile {
  readonly command: Command
  readonly file: string
  readonly bytes: Buffer
}

async function filesThatExist(build: PlatformBuild): Promise<readonly BuiltFile[]> {
  const read = await Promise.all(
    [...build.files].map(async ([command, file]) => {
      const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return bytes && { command, file, bytes }
    }),
  )
  return read.filter((one) => one !== undefined)
}

function notBuilt(of: string, command: Command, { outcome, platform }: PlatformBuild, shop: Workshop): Check {
  const errors = errorsOf(command, compilerErrors(outcome.tail), shop.commands)
  const first = errors[0]
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const silent = outcome.code === 0 ? `${command.package} is not a main package` : firstComplaint(outcome)
  const location = first && locationIn(shop.project.config.go.directory, first)
  return {
    id: `built/${of}`,
    title: `${command.name} for ${platform} is built`,
    verdict: 'fail',
    detail: first ? `${location ? '' : `${first.file}:${first.line}: `}${first.message}${more}` : silent,
    fix: `try ${outcome.pasteable}`,
    ...(location ? { location } : {}),
  }
}

/** The place of a complaint in the project; undefined when it is elsewhere, as in the module cache. */
function locationIn(directory: string, { file, line, column }: CompilerError): Check['location'] {
  const path = posix.join(directory, file)
  if (posix.isAbsolute(file) || path.startsWith('../')) return undefined
  return { file: path, line, ...(column === undefined ? {} : { column }) }
}

/**
 * Which complaints of a build are the cause of one command: those in its own package, since Go compiles that only
 * when all it imports is whole; else those outside of the other commands' packages; else all.
 */
function errorsOf(
  command: Command,
  errors: readonly CompilerError[],
  commands: readonly Command[],
): readonly CompilerError[] {
  const within = (one: Command) => (error: CompilerError) =>
    posix.dirname(error.file) === posix.normalize(one.package)
  const own = errors.filter(within(command))
  const shared = errors.filter((error) => !commands.some((one) => within(one)(error)))
  return [own, shared, errors].find((some) => some.length > 0) ?? []
}

function identityCheck(
  of: string,
  command: Command,
  platform: string,
  bytes: Buffer,
  info: BuildInfo | undefined,
  { toolchain, settings }: Workshop,
): Check {
  const mistake = mistakenIdentity(bytes, info, {
    platform,
    package: posix.join(toolchain.module, command.package),
    module: toolchain.module,
    cgo: settings.config.cgo,
  })
  return {
    id: `identity/${of}`,
    title: `${command.name} for ${platform} is what it says`,
    verdict: mistake === undefined ? 'pass' : 'fail',
    detail: mistake ?? `${info?.goVersion}, ${info?.modules.length} modules`,
  }
}

function cgoCheck(
  platform: string,
  withCgo: readonly string[] | undefined,
  { config }: BuildSettings,
): readonly Check[] {
  const id = `cgo/${platform.replace('/', '-')}`
  const title = `nothing for ${platform} lost its cgo files`
  if (config.cgo) return [{ id, title, verdict: 'skipped', detail: 'built with cgo' }]
  if (!withCgo)
    return [{ id, title, verdict: 'inconclusive', detail: 'go list could not read the dependencies' }]
  const lost = withCgo.filter((one) => !config['cgo-optional'].includes(one))
  if (lost.length === 0) return [{ id, title, verdict: 'pass', detail: 'no package with cgo files' }]
  return [
    {
      id,
      title,
      verdict: 'fail',
      detail: `built without cgo, ${lost.join(', ')} may be a stub that fails at run time`,
      fix: 'set go.cgo and go.compilers, or list it in go.cgo-optional when it works without',
    },
  ]
}

function sizeCheck(of: string, command: Command, bytes: number, { project }: Workshop): readonly Check[] {
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

async function startCheck(
  command: Command,
  file: string,
  cwd: string,
  { signal }: StageContext,
): Promise<Check> {
  const startedAt = performance.now()
  const failure = await startFailure(file, { cwd, signal })
  return {
    id: `starts/${command.name}`,
    title: `${command.name} starts on this machine`,
    verdict: failure === undefined ? 'pass' : 'fail',
    detail: failure ?? `--help in ${formatDuration(performance.now() - startedAt)}`,
  }
}

/**
 * The linker drops a stamp silently when the program has no such variable. Where the program can be asked, its
 * `--version` decides; else the text must at least be in the file.
 */
async function stampCheck(
  of: string,
  command: Command,
  platform: string,
  { file, bytes }: BuiltFile,
  cwd: string,
  { settings: { version }, toolchain, context }: Workshop,
): Promise<readonly Check[]> {
  if (version === undefined) return []
  const printed =
    platform === toolchain.host ? await printedVersion(file, { cwd, signal: context.signal }) : undefined
  const there = printed === undefined ? bytes.includes(version) : says(printed, version)
  const where =
    printed === undefined ? 'the file does not hold it' : `--version prints "${printed.slice(0, 100)}"`
  return [
    {
      id: `stamped/${of}`,
      title: `${command.name} for ${platform} carries version ${version}`,
      verdict: there ? 'pass' : 'fail',
      ...(there
        ? {}
        : { detail: where, fix: `declare "var version string" in ${command.package}, or set go.ldflags` }),
    },
  ]
}

/** Whether a text holds a version as such: 1.2.30 and 11.2.3 are not 1.2.3, but v1.2.3 and 1.2.3-dirty are. */
function says(text: string, version: string): boolean {
  const literal = version.replace(/[^A-Za-z0-9]/g, '\\$&')
  return new RegExp(`(?<!\\d|\\d\\.)${literal}(?!\\w|\\.\\d)`).test(text)
}

function describeBinary(
  command: Command,
  platform: string,
  path: string,
  bytes: Buffer,
  info: BuildInfo | undefined,
  previous: Manifest | undefined,
): Binary {
  const before = previous?.binaries.find((one) => one.command === command.name && one.platform === platform)
  return {
    command: command.name,
    path,
    platform,
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    ...(before ? { previousSizeBytes: before.sizeBytes } : {}),
    goVersion: info?.goVersion ?? 'unknown',
    package: info?.package ?? 'unknown',
    modules: [...(info?.modules ?? [])],
  }
}
