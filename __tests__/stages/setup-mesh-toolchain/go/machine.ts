import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { findGo, readGoRequest } from '../../../../src/stages/setup-mesh-toolchain/go/index.ts'
import type { FoundTool, ToolPlaces } from '../../../../src/toolchain/tool.ts'
import { stageContext } from '../../../support/stage-context.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Short, so that what hangs is given up soon; long enough for a busy machine. */
const LIMITS = { answerMs: 10_000, listMs: 20_000, moduleMs: 120_000, stallMs: 10_000, archiveMs: 30_000 }

export interface MachineOptions {
  /** Versions of fake Go, one folder of PATH each, in order; `real` is this machine's. */
  readonly path?: readonly string[]
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly archive?: string
  readonly limits?: Partial<typeof LIMITS>
  readonly signal?: AbortSignal
  readonly toolCache?: string
}

export interface Machine extends AsyncDisposable {
  readonly folder: string
  readonly places: ToolPlaces & { readonly toolCache: string }
  /** What was said so far. */
  readonly lines: readonly string[]
  find(written: string): Promise<FoundTool>
}

/** A machine with nothing but tar, the Go that is asked for, and no network but the servers that it is told of. */
export async function machine(options: MachineOptions = {}): Promise<Machine> {
  const temporary = await temporaryFolder()
  const folder = temporary.path
  const at = (...names: string[]) => join(folder, ...names)
  await mkdir(at('tools'))
  for (const tool of ['tar', 'gzip']) await symlink(programOf(tool), at('tools', tool))
  for (const [index, version] of (options.path ?? []).entries()) {
    const directory = at(`path-${index}`)
    await mkdir(directory)
    if (version === 'real') await symlink(programOf('go'), join(directory, 'go'))
    else await fakeGo(join(directory, 'go'), version)
  }
  await mkdir(at('temporary'))
  const { log, lines, signal } = stageContext(
    at('temporary'),
    options.signal ? { signal: options.signal } : {},
  )
  const folders = (options.path ?? []).map((_, index) => at(`path-${index}`))
  const places = {
    log,
    signal,
    environment: {
      PATH: [...folders, at('tools')].join(delimiter),
      HOME: at('home'),
      GOENV: 'off',
      GOPROXY: 'off',
      GOMODCACHE: at('modules'),
      // Else the module cache could not be removed.
      GOFLAGS: '-modcacherw',
      ...options.environment,
    },
    toolCache: options.toolCache ?? at('tool-cache'),
    userCache: at('user-cache'),
    temporary: at('temporary'),
  }
  return {
    folder,
    places,
    lines,
    find: async (written) =>
      findGo(await readGoRequest(written, folder), places, {
        archive: options.archive ?? NOBODY,
        limits: { ...LIMITS, ...options.limits },
      }),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  }
}

/** An address that the resolver does not know: .invalid never is (RFC 2606). */
const NOBODY = 'http://archive.invalid'

/** A shell script that says what `go version` and `go env GOROOT` say of a Go of this version. */
export function goScript(version: string): string {
  return `#!/bin/sh
case "$1" in
version) echo "go version go${version} linux/amd64" ;;
env) echo "$GOROOT" ;;
*) exit 2 ;;
esac
`
}

export async function fakeGo(file: string, version: string): Promise<void> {
  await program(file, goScript(version))
}

export async function program(file: string, text: string): Promise<void> {
  await writeFile(file, text)
  await chmod(file, 0o755)
}

/** Puts a fake Go into a tool cache, as setup-go would. */
export async function cached(root: string, name: string, version = name, complete = true): Promise<string> {
  const directory = join(root, 'go', name, process.arch)
  await mkdir(join(directory, 'bin'), { recursive: true })
  await fakeGo(join(directory, 'bin', 'go'), version)
  if (complete) await writeFile(`${directory}.complete`, '')
  return directory
}

export function goEnv(name: string): string {
  return execFileSync('go', ['env', name], { encoding: 'utf8' }).trim()
}

function programOf(name: string): string {
  return execFileSync('which', [name], { encoding: 'utf8' }).trim()
}
