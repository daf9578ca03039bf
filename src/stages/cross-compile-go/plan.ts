import { statSync } from 'node:fs'
import { posix } from 'node:path'
import type { Project } from '../../project/load.ts'
import { nearest } from '../../project/nearest.ts'
import { programName } from '../../project/program-name.ts'
import type { KeyPath } from '../../project/source.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { partOf, type Shard } from '../../result/shard.ts'
import type { Toolchain } from './go.ts'

/** One main package to build. */
export interface Command {
  /** Name in go.commands. */
  readonly name: string
  /** As it is written in go.commands: ./cmd/mcp-mesh-registry. */
  readonly package: string
  /** Name of the program: that of its folder, as Go has it. */
  readonly program: string
}

/** The folder of go.mod. Throws a ConfigurationError when it does not exist. */
export function moduleFolder(project: Project): string {
  return existingFolder(project, project.config.go.directory, ['go', 'directory'])
}

/** Where the binaries go; it need not exist. Throws a ConfigurationError when something else has its name. */
export function outputFolder(project: Project): string {
  const { directory, output } = project.config.go
  const folder = project.resolve(directory, output)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) return folder
  throw new ConfigurationError(`go.output: ${posix.join(directory, output)} is there and is no folder`, {
    place: project.place(['go', 'output']),
  })
}

/**
 * The commands to build: those of mesh.yml, or the ones asked for.
 * Throws a ConfigurationError for a name that mesh.yml lacks, a size limit of no command, a folder that does not
 * exist, two of one name.
 */
export function planCommands(
  project: Project,
  toolchain: Toolchain,
  only?: readonly string[],
): readonly Command[] {
  const { commands, directory } = project.config.go
  const unknown = only?.find((name) => !Object.hasOwn(commands, name))
  if (unknown !== undefined) {
    throw new ConfigurationError(`no command "${unknown}" in go.commands`, {
      fix: meant(unknown, Object.keys(commands)),
    })
  }
  const unlimited = Object.keys(project.config.go['size-limits']).find(
    (name) => !Object.hasOwn(commands, name),
  )
  if (unlimited !== undefined) {
    throw new ConfigurationError(`go.size-limits: no command "${unlimited}" in go.commands`, {
      place: project.place(['go', 'size-limits', unlimited]),
      fix: meant(unlimited, Object.keys(commands)),
    })
  }
  const planned = Object.entries(commands)
    .filter(([name]) => only === undefined || only.includes(name))
    .map(([name, path]): Command => {
      existingFolder(project, posix.join(directory, path), ['go', 'commands', name])
      // Go takes `./cmd/x/` as well; as the name of a program the last slash would hide it.
      const folder = posix.normalize(path).replace(/\/$/, '')
      return { name, package: `./${folder}`, program: programName(toolchain.module, folder) }
    })
  if (planned.length === 0) throw new ConfigurationError('go.commands is empty: there is nothing to build')
  const twice = planned.find((one) => planned.some((other) => other !== one && other.program === one.program))
  if (twice) throw new ConfigurationError(`go.commands: two commands would be built as ${twice.program}`)
  return planned
}

/** The absolute path of a folder that mesh.yml names. Throws a ConfigurationError when it does not exist. */
function existingFolder(project: Project, path: string, key: KeyPath): string {
  const folder = project.resolve(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder
  throw new ConfigurationError(`${key.join('.')}: no folder ${path} in the project`, {
    place: project.place(key),
  })
}

/**
 * The platforms of this job: those of mesh.yml and the machine's own, since later stages start that one,
 * in their order; with a shard every `total`-th of them.
 * Throws a ConfigurationError for one that this Go cannot build, also where only a compiler is named for it.
 */
export function planPlatforms(
  project: Project,
  host: string,
  buildable: readonly string[],
  shard?: Shard,
): readonly string[] {
  const { platforms, cgo, compilers } = project.config.go
  const all = [...new Set([...platforms, host])]
  const unknown = all.find((platform) => !buildable.includes(platform))
  if (unknown !== undefined) {
    throw new ConfigurationError(`go.platforms: this Go cannot build for ${unknown}`, {
      place: project.place(['go', 'platforms', platforms.indexOf(unknown)]),
      fix: meant(unknown, buildable),
    })
  }
  const idle = Object.keys(compilers).find((platform) => !buildable.includes(platform))
  if (idle !== undefined) {
    throw new ConfigurationError(`go.compilers: this Go cannot build for ${idle}`, {
      place: project.place(['go', 'compilers', idle]),
      fix: meant(idle, buildable),
    })
  }
  const bare = cgo
    ? all.find((platform) => platform !== host && !Object.hasOwn(compilers, platform))
    : undefined
  if (bare !== undefined) {
    throw new ConfigurationError(`go.cgo is true, but go.compilers has no C compiler for ${bare}`, {
      place: project.place(['go', 'cgo']),
      fix: 'add one, as in zig cc -target aarch64-linux-gnu',
    })
  }
  if (!shard) return all
  const mine = partOf(all, shard)
  if (mine.length === 0) {
    throw new ConfigurationError(
      `shard ${shard.index}/${shard.total} is empty: there are ${all.length} platforms`,
      {
        fix: `use at most ${all.length} shards`,
      },
    )
  }
  return mine
}

function meant(written: string, candidates: readonly string[]): string {
  const near = nearest(written, candidates)
  const close = candidates.filter((candidate) => candidate.split('/')[0] === written.split('/')[0])
  if (near) return `did you mean ${near}?`
  return `there are ${(close.length > 0 ? close : candidates).slice(0, 12).join(', ')}`
}
