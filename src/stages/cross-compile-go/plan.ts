import { statSync } from 'node:fs'
import { posix } from 'node:path'
import type { Project } from '../../project/load.ts'
import { nearest } from '../../project/nearest.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
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

/** Part `index` (from 1) of `total` of the platforms. */
export interface Shard {
  readonly index: number
  readonly total: number
}

/**
 * The commands to build: those of mesh.yml, or the ones asked for.
 * Throws a ConfigurationError for a name that mesh.yml lacks, a folder that does not exist, two of one name.
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
  const planned = Object.entries(commands)
    .filter(([name]) => only === undefined || only.includes(name))
    .map(([name, path]): Command => {
      const folder = project.resolve(directory, path)
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new ConfigurationError(
          `go.commands.${name}: no folder ${posix.join(directory, path)} in the project`,
          {
            place: project.place(['go', 'commands', name]),
          },
        )
      }
      return { name, package: `./${posix.normalize(path)}`, program: programName(toolchain.module, path) }
    })
  if (planned.length === 0) throw new ConfigurationError('go.commands is empty: there is nothing to build')
  const twice = planned.find((one) => planned.some((other) => other !== one && other.program === one.program))
  if (twice) throw new ConfigurationError(`go.commands: two commands would be built as ${twice.program}`)
  return planned
}

/** Go names a program after the last part of its import path, or the one before a major version. */
function programName(module: string, path: string): string {
  const parts = posix.join(module, path).split('/')
  const last = parts.at(-1) ?? module
  return /^v[2-9]\d*$|^v1\d+$/.test(last) ? (parts.at(-2) ?? last) : last
}

/**
 * The platforms of this job: those of mesh.yml and the machine's own, since later stages start that one,
 * in their order; with a shard every `total`-th of them.
 * Throws a ConfigurationError for one that this Go cannot build.
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
  const mine = all.filter((_, index) => index % shard.total === shard.index - 1)
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
