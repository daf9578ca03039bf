import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandOptions, ending, type Outcome, run, succeeded } from '../../process/run.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'

/** Enough for `go list` and `go env` on a slow disk with modules to download. */
const QUERY_TIMEOUT_MS = 5 * 60_000

/** The Go that builds. */
export interface Toolchain {
  /** As `go version` says it: go1.26.1. */
  readonly version: string
  /** GOOS/GOARCH of this machine. */
  readonly host: string
  /** Path of the main module. */
  readonly module: string
}

type QueryOptions = Pick<CommandOptions, 'cwd' | 'env' | 'temporary' | 'signal'>

/**
 * Asks the Go on PATH what it is, in the module's folder (whose go.mod may switch to another toolchain).
 * Throws a ConfigurationError without Go, without go.mod, or when Go refuses the module.
 */
export async function findToolchain(options: QueryOptions): Promise<Toolchain> {
  const variables = JSON.parse(
    await query(['env', '-json', 'GOVERSION', 'GOHOSTOS', 'GOHOSTARCH', 'GOMOD', 'GO111MODULE'], options),
  )
  if (variables.GO111MODULE === 'off') {
    throw new ConfigurationError('GO111MODULE=off: Go reads no go.mod', {
      fix: "unset it, or go env -u GO111MODULE where it was written to Go's settings",
    })
  }
  // Outside of a module GOMOD is the null device or empty; Go also looks in the folders above.
  if (!/go\.mod$/.test(variables.GOMOD) || !existsSync(join(options.cwd, 'go.mod'))) {
    throw new ConfigurationError(`no go.mod in ${options.cwd}`, {
      fix: 'set go.directory to the folder that has it',
    })
  }
  return {
    version: variables.GOVERSION,
    host: `${variables.GOHOSTOS}/${variables.GOHOSTARCH}`,
    module: await mainModule(variables.GOMOD, options),
  }
}

/** The path of the module that a go.mod makes; a go.work has several main modules. */
async function mainModule(file: string, options: QueryOptions): Promise<string> {
  const listed = await query(['list', '-m', '-f', '{{.GoMod}}\t{{.Path}}'], options)
  const modules = listed
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
  const own = modules.length === 1 ? modules[0] : modules.find(([goMod]) => goMod === file)
  if (own?.[1]) return own[1]
  throw new ConfigurationError(`go.work does not use the module in ${options.cwd}`, {
    fix: 'add it with go work use, or set GOWORK=off',
  })
}

/** Every GOOS/GOARCH that this Go can build for. */
export async function buildablePlatforms(options: QueryOptions): Promise<readonly string[]> {
  return (await query(['tool', 'dist', 'list'], options)).trim().split(/\s+/)
}

/** Runs a `go` command that answers a question; its stdout. Throws a ConfigurationError when it fails. */
async function query(args: readonly string[], options: QueryOptions): Promise<string> {
  const outcome = await go(args, { ...options, timeoutMs: QUERY_TIMEOUT_MS, stdout: 'capture' })
  if (succeeded(outcome)) return outcome.stdout
  throw new ConfigurationError(`go ${args[0]}: ${firstComplaint(outcome)}`, {
    fix: `try ${outcome.pasteable}`,
  })
}

/** Runs `go` with these arguments. Throws a ConfigurationError when there is no Go on PATH. */
export async function go(args: readonly string[], options: CommandOptions): Promise<Outcome> {
  try {
    return await run(['go', ...args], options)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    throw new ConfigurationError('there is no Go on PATH', {
      fix: 'install Go 1.21 or later, or put it on PATH',
    })
  }
}

/** The line of a failed Go command that says why; how it ended when it said nothing. */
export function firstComplaint(outcome: Outcome): string {
  const full = outcome.tail.find((line) => /no space left on device/i.test(line))
  if (full) return `no space left on device (${ending(outcome)})`
  const [first, second] = outcome.tail
    .filter((line) => !/^(# |go: downloading )/.test(line))
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (first === undefined) return ending(outcome)
  // "go: errors parsing go.mod:" only announces what comes.
  return first.endsWith(':') && second !== undefined ? `${first} ${second}` : first
}
