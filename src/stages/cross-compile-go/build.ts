import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../process/environment.ts'
import type { OutputSink } from '../../process/log.ts'
import { pasteable } from '../../process/paste.ts'
import { type Outcome, succeeded } from '../../process/run.ts'
import type { MeshConfig } from '../../project/load.ts'
import { compilerMemory } from './compiler-memory.ts'
import { go } from './go.ts'
import type { Command } from './plan.ts'

/** A cold build of a large program on a small runner stays well below. */
const BUILD_TIMEOUT_MS = 45 * 60_000

/** What is the same for every platform of a build. */
export interface BuildSettings {
  readonly config: MeshConfig['go']
  readonly commit: string
  readonly version: string | undefined
  /** How many packages one `go build` compiles at once. */
  readonly parallel: number
  /** Folder with a Go build cache for each platform; Go's own cache where there is none. */
  readonly buildCaches: string | undefined
  readonly signal: AbortSignal
}

/** What became of one command. */
export interface CommandBuild {
  readonly command: Command
  /** Where its file is if it was built. */
  readonly file: string
  /** How the `go build` ended that it was part of. */
  readonly outcome: Outcome
}

/**
 * Builds every command for one platform with one `go build` into `folder`. What Go could not compile has no file,
 * and commands that do not share the broken package are built all the same. Where Go could not even load one of
 * them it builds none; then each is built by itself, so that one does not hide the others.
 */
export async function buildPlatform(
  platform: string,
  commands: readonly Command[],
  place: {
    readonly module: string
    readonly folder: string
    /** For the work folders of Go and of what it starts. */
    readonly temporary: string
    readonly env?: Environment
  },
  settings: BuildSettings,
  output: OutputSink,
): Promise<readonly CommandBuild[]> {
  const env = { ...platformEnvironment(platform, settings), ...place.env }
  const build = async (some: readonly Command[]): Promise<Outcome> => {
    const argv = (target: string) => [
      'build',
      ...buildFlags(settings),
      '-o',
      target,
      ...some.map((command) => command.package),
    ]
    // The slash makes Go write one file for each command into the folder.
    const outcome = await go(argv(`${place.folder}/`), {
      cwd: place.module,
      env: { ...compilerMemory(process.env), ...env },
      temporary: place.temporary,
      timeoutMs: BUILD_TIMEOUT_MS,
      signal: settings.signal,
      output,
    })
    // The folder is gone when somebody reads this, and how much memory the compiler took changes nothing.
    return { ...outcome, pasteable: pasteable(['go', ...argv('/dev/null')], { cwd: place.module, env }) }
  }
  const together = await build(commands)
  const apart =
    commands.length > 1 &&
    together.ended === 'exited' &&
    !succeeded(together) &&
    (await isEmpty(place.folder))
  const builds: CommandBuild[] = []
  for (const command of commands) {
    const file = join(place.folder, fileName(command, platform, ''))
    builds.push({ command, file, outcome: apart ? await build([command]) : together })
  }
  return builds
}

/** Whether nothing is in a folder; it need not exist. */
async function isEmpty(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.length === 0
}

/** GOOS, GOARCH and how C is compiled, if at all. */
export function platformEnvironment(
  platform: string,
  { config, buildCaches }: Pick<BuildSettings, 'config' | 'buildCaches'>,
): Environment {
  const [GOOS, GOARCH] = platform.split('/')
  const compiler = config.compilers[platform]
  return {
    GOOS,
    GOARCH,
    CGO_ENABLED: config.cgo ? '1' : '0',
    ...(buildCaches === undefined ? {} : { GOCACHE: join(buildCaches, platform.replace('/', '-')) }),
    ...(config.cgo && compiler !== undefined ? { CC: compiler } : {}),
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

/** `mcp-mesh-registry-linux-amd64`, with `.exe` on Windows; with `''` as suffix as Go itself names it. */
export function fileName(
  command: Command,
  platform: string,
  suffix = `-${platform.replace('/', '-')}`,
): string {
  return `${command.program}${suffix}${platform.startsWith('windows/') ? '.exe' : ''}`
}
