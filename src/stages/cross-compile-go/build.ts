import { join } from 'node:path'
import type { Environment } from '../../process/environment.ts'
import type { OutputSink } from '../../process/log.ts'
import type { Outcome } from '../../process/run.ts'
import type { MeshConfig } from '../../project/load.ts'
import { go } from './go.ts'
import type { Command } from './plan.ts'

/** A cold build of a large program on a small runner stays well below. */
const BUILD_TIMEOUT_MS = 45 * 60_000

/** What is the same for every platform of a build. */
export interface BuildSettings {
  readonly config: MeshConfig['go']
  /** GOOS/GOARCH of this machine. */
  readonly host: string
  readonly commit: string
  readonly version: string | undefined
  /** How many packages one `go build` compiles at once. */
  readonly parallel: number
  readonly signal: AbortSignal
}

export interface PlatformBuild {
  readonly platform: string
  readonly outcome: Outcome
  /** Where each command's file is if it was built. */
  readonly files: ReadonlyMap<Command, string>
}

/**
 * Builds every command for one platform with one `go build` into `folder`. What Go could not build has no file;
 * commands that do not share the broken package are built all the same.
 */
export async function buildPlatform(
  platform: string,
  commands: readonly Command[],
  place: { readonly module: string; readonly folder: string; readonly env?: Environment },
  settings: BuildSettings,
  output: OutputSink,
): Promise<PlatformBuild> {
  const outcome = await go(
    [
      'build',
      ...buildFlags(settings),
      // The slash makes Go write one file for each command into the folder.
      '-o',
      `${place.folder}/`,
      ...commands.map((command) => command.package),
    ],
    {
      cwd: place.module,
      env: { ...platformEnvironment(platform, settings), ...place.env },
      timeoutMs: BUILD_TIMEOUT_MS,
      signal: settings.signal,
      output,
    },
  )
  const files = new Map(
    commands.map((command) => [command, join(place.folder, fileName(command, platform, ''))]),
  )
  return { platform, outcome, files }
}

/** GOOS, GOARCH and how C is compiled, if at all. */
export function platformEnvironment(
  platform: string,
  { config, host }: Pick<BuildSettings, 'config' | 'host'>,
): Environment {
  const [GOOS, GOARCH] = platform.split('/')
  const compiler = config.compilers[platform]
  return {
    GOOS,
    GOARCH,
    CGO_ENABLED: config.cgo ? '1' : '0',
    ...(config.cgo && compiler !== undefined && platform !== host ? { CC: compiler } : {}),
  }
}

function buildFlags({ config, commit, version, parallel }: BuildSettings): string[] {
  const ldflags = linkerFlags(config.ldflags, commit, version)
  return [
    // Neither the folder nor the state of git may change the bytes.
    '-trimpath',
    '-buildvcs=false',
    '-p',
    String(parallel),
    ...(config.tags.length > 0 ? ['-tags', config.tags.join(',')] : []),
    // What the linker would throw away need not be compiled: a tenth of the time, a third of the cache.
    ...(/(^|\s)-w(\s|$)/.test(config.ldflags) ? ['-gcflags=all=-dwarf=false'] : []),
    '-ldflags',
    ldflags,
  ]
}

/**
 * Where mesh.yml does not say which variables take version and commit, they are main.version and main.commit, the
 * names that Go projects commonly use; the linker passes over those that a program lacks.
 */
function linkerFlags(written: string, commit: string, version: string | undefined): string {
  const filled = written.replaceAll('{version}', version ?? 'dev').replaceAll('{commit}', commit)
  return [
    filled,
    ...(version === undefined || written.includes('{version}') ? [] : [`-X main.version=${version}`]),
    ...(commit === 'unknown' || written.includes('{commit}') ? [] : [`-X main.commit=${commit}`]),
  ]
    .join(' ')
    .trim()
}

/** `mcp-mesh-registry-linux-amd64`, with `.exe` on Windows; `-` and the platform left out with `''` as suffix. */
export function fileName(
  command: Command,
  platform: string,
  suffix = `-${platform.replace('/', '-')}`,
): string {
  return `${command.program}${suffix}${platform.startsWith('windows/') ? '.exe' : ''}`
}
