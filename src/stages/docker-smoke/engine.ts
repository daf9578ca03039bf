import { hostname } from 'node:os'
import { isAlive } from '../../process/alive.ts'
import type { OutputSink } from '../../process/log.ts'
import { ending, type Outcome, run, succeeded } from '../../process/run.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'

const QUESTION_MS = 30_000

/** What gets an engine onto a machine. */
export const ENGINE_FIX = 'install and start an engine: docker.io of Debian, Docker Desktop, or Colima'

/** The Docker engine at hand. */
export interface Engine {
  readonly version: string
  /** Whether it builds with BuildKit; else with the classic builder. */
  readonly hasBuildKit: boolean
}

export interface DockerOptions {
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  readonly cwd?: string
  readonly output?: OutputSink
}

/** Runs a docker command to its end; its stdout is captured unless `output` takes it. */
export function docker(args: readonly string[], options: DockerOptions): Promise<Outcome> {
  const { signal, timeoutMs = QUESTION_MS, cwd = process.cwd(), output } = options
  return run(['docker', ...args], {
    cwd,
    timeoutMs,
    signal,
    env: { DOCKER_CLI_HINTS: 'false' },
    ...(output ? { output } : { stdout: 'capture' }),
  })
}

/** What a docker command prints. Throws an EngineError with its own words when it fails. */
export async function ask(args: readonly string[], options: DockerOptions): Promise<string> {
  const outcome = await docker(args, options)
  if (!succeeded(outcome)) throw new EngineError(`docker ${args[0]}: ${saidBy(outcome)}`)
  return outcome.stdout.trim()
}

const MAKE_MS = 60_000

/**
 * What a docker command makes, by its id. It is not broken off by an abort: the engine would go on making it, and it
 * would be there after everything else was removed. Throws the signal's reason once it is there.
 */
export async function make(args: readonly string[], signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const made = await ask(args, { signal: new AbortController().signal, timeoutMs: MAKE_MS })
  signal.throwIfAborted()
  return made
}

/** A docker command that failed: a red check with its cause, neither the user's mistake nor a bug. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
}

/** What docker adds to the cause of a failure. */
const NO_CAUSE = /^(See|Run) ['"]?docker|^Error: failed to start containers: /

/** The last words of a docker command that failed. */
export function saidBy(outcome: Outcome): string {
  const line = outcome.tail.findLast((one) => one.trim() !== '' && !NO_CAUSE.test(one))
  return line?.trim().replace(/^(docker: )?Error response from daemon: /, '') ?? ending(outcome)
}

/** The engine that docker speaks to; in words why there is none. */
export async function findEngine(signal: AbortSignal): Promise<Engine | string> {
  try {
    const outcome = await docker(['version', '--format', '{{json .Server}}'], { signal })
    if (!succeeded(outcome)) return saidBy(outcome)
    const server = JSON.parse(outcome.stdout) as { Version?: string } | null
    if (!server?.Version) return 'docker has no engine'
    const buildx = await docker(['buildx', 'version'], { signal })
    const hasBuildKit = succeeded(buildx) && process.env.DOCKER_BUILDKIT !== '0'
    return { version: server.Version, hasBuildKit }
  } catch (error) {
    if (error instanceof ConfigurationError) return 'there is no docker on PATH'
    throw error
  }
}

/** Containers, volumes and networks that the stage makes bear this label, with their owner as the value. */
export const OWNER_LABEL = 'mesh-actions.owner'

/** Images that it builds are in this repository, with their owner as the tag: a label would make every build another. */
const REPOSITORY = 'mesh-actions'

/** The process that makes something in the engine, on one machine: it may be removed when that process is gone. */
export function ownerOf(run: string): string {
  return `${process.pid}.${run}.${hostname().replace(/[^A-Za-z0-9_.-]/g, '-')}`
}

/** What an image is called while it is looked at. */
export function imageName(name: string, owner: string): string {
  return `${REPOSITORY}/${name.toLowerCase()}:${owner}`
}

/** The images that are called so, of all owners; undefined where the engine cannot be asked. */
export async function namedImages(
  signal: AbortSignal,
): Promise<readonly { readonly image: string; readonly owner: string }[] | undefined> {
  const listed = await docker(['images', '--format', '{{.Repository}}:{{.Tag}}'], { signal })
  if (!succeeded(listed)) return undefined
  return listed.stdout
    .split('\n')
    .filter((line) => line.startsWith(`${REPOSITORY}/`))
    .map((image) => ({ image, owner: image.slice(image.lastIndexOf(':') + 1) }))
}

/** Whether an owner's process is gone; of one on another machine nothing is known. */
export function isGone(owner: string): boolean {
  const [pid = '', run = ''] = owner.split('.')
  if (owner !== ownerOf(run).replace(/^\d+/, pid)) return false
  return !isAlive(Number(pid))
}
