import { realpath } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Environment } from '../../process/environment.ts'
import { succeeded } from '../../process/run.ts'
import { go } from './go.ts'
import type { Command } from './plan.ts'

const LIST_TIMEOUT_MS = 5 * 60_000

/** A package as `go list -json` prints it. */
export interface ListedPackage {
  readonly ImportPath: string
  readonly Dir?: string
  /** Whether it was only imported, not asked for. */
  readonly DepOnly?: boolean
  readonly Standard?: boolean
  readonly CgoFiles?: readonly string[]
  readonly Module?: { readonly Path: string }
  /** Why it could not be read; its own imports are then missing from the list. */
  readonly Error?: { readonly Err: string }
}

/**
 * The commands and every package behind them, as they are on this platform with cgo: only so are the cgo files
 * listed. Undefined when Go could not list them.
 */
export async function listPackages(
  commands: readonly Command[],
  options: {
    readonly cwd: string
    readonly env: Environment
    readonly tags: readonly string[]
    readonly temporary: string
    readonly signal: AbortSignal
  },
): Promise<readonly ListedPackage[] | undefined> {
  const outcome = await go(
    [
      'list',
      '-e',
      '-deps',
      '-json=ImportPath,Dir,DepOnly,Standard,CgoFiles,Module,Error',
      ...(options.tags.length > 0 ? ['-tags', options.tags.join(',')] : []),
      ...commands.map((command) => command.package),
    ],
    {
      cwd: options.cwd,
      env: { ...options.env, CGO_ENABLED: '1' },
      temporary: options.temporary,
      timeoutMs: LIST_TIMEOUT_MS,
      signal: options.signal,
      stdout: 'capture',
    },
  )
  return succeeded(outcome) ? parsePackages(outcome.stdout) : undefined
}

/** `go list -json` prints objects one after another, each closed by a brace in the first column. */
function parsePackages(text: string): readonly ListedPackage[] {
  return text
    .split(/^\}$/m)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => JSON.parse(`${part}}`) as ListedPackage)
}

/** What a command's binary must say of its making. */
export interface MainPackage {
  readonly package: string
  readonly module: string
}

/**
 * Import path and module of a command, as Go lists the package in its folder: with a go.work that may be another
 * module than the one at hand. Where Go did not list it, the module at hand with the command's path.
 */
export async function mainPackage(
  command: Command,
  listed: readonly ListedPackage[] | undefined,
  at: { readonly folder: string; readonly module: string },
): Promise<MainPackage> {
  const folder = await realpath(join(at.folder, command.package))
  for (const one of listed ?? []) {
    // A folder without a package is listed without Dir.
    if (one.DepOnly || one.Dir === undefined || (await realpath(one.Dir)) !== folder) continue
    return { package: one.ImportPath, module: one.Module?.Path ?? at.module }
  }
  return { package: posix.join(at.module, command.package), module: at.module }
}
