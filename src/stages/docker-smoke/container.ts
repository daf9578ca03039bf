import { readFile } from 'node:fs/promises'
import { succeeded } from '../../process/run.ts'
import { ask as get } from '../../process/services/ask.ts'
import { socketTable } from '../../process/services/listeners.ts'
import { pause } from '../../process/services/pause.ts'
import type { Readiness } from '../../process/services/readiness.ts'
import { formatDuration } from '../../result/units.ts'
import { ask, docker, EngineError, OWNER_LABEL, saidBy } from './engine.ts'

/** How a container is started: always as production would, and with what is said here. */
export interface ContainerSpec {
  readonly reference: string
  readonly owner: string
  /** Port in the container that is published on 127.0.0.1. */
  readonly port?: number | undefined
  readonly env?: Readonly<Record<string, string>>
  /** Volumes by their path in the container. */
  readonly volumes?: Readonly<Record<string, string>>
  /** Folders in memory that everybody may write to. */
  readonly writable?: readonly string[]
  readonly memoryBytes: number
  /** What is run in the stead of the image's own program. */
  readonly command?: readonly string[]
}

/** The flags of `docker run` and `docker create` for a container. */
export function flagsOf(spec: ContainerSpec): readonly string[] {
  const [program, ...args] = spec.command ?? []
  return [
    ...['--label', `${OWNER_LABEL}=${spec.owner}`],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '512'],
    ...['--memory', String(spec.memoryBytes), '--memory-swap', String(spec.memoryBytes)],
    ...['/tmp', ...(spec.writable ?? [])].flatMap((path) => ['--tmpfs', `${path}:rw,mode=1777`]),
    ...Object.entries(spec.volumes ?? {}).flatMap(([path, volume]) => ['--volume', `${volume}:${path}`]),
    ...Object.entries(spec.env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(spec.port === undefined ? [] : ['--publish', `127.0.0.1:0:${spec.port}/tcp`]),
    ...(program === undefined ? [] : ['--entrypoint', program]),
    spec.reference,
    ...args,
  ]
}

/** A container that was started. */
export interface Container {
  readonly id: string
  readonly startedAt: number
}

export async function startContainer(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
  const startedAt = performance.now()
  return { id: await ask(['run', '--detach', ...flagsOf(spec)], { signal, timeoutMs: 60_000 }), startedAt }
}

/**
 * Where the port of a running container is published; it changes when the container is started again. Throws an
 * EngineError with the cause when it has ended already.
 */
export async function publishedUrl(id: string, port: number, signal: AbortSignal): Promise<string> {
  for (;;) {
    const outcome = await docker(['port', id, `${port}/tcp`], { signal })
    const [first = ''] = outcome.stdout.split('\n')
    if (succeeded(outcome) && first !== '') return `http://${first.trim()}`
    if (!(await stateOf(id, signal)).Running) {
      throw new EngineError(`it ${await endedInWords(id, signal)} before it was ready`)
    }
    // An engine with much to do may say nothing at first.
    if (!succeeded(outcome)) throw new EngineError(`docker port: ${saidBy(outcome)}`)
    await pause(LONGEST_MS, signal)
    signal.throwIfAborted()
  }
}

/** What a container is doing. */
interface State {
  readonly Running: boolean
  readonly ExitCode: number
  readonly OOMKilled: boolean
  readonly Error: string
  readonly Pid: number
}

export async function stateOf(id: string, signal: AbortSignal): Promise<State> {
  return JSON.parse(await ask(['inspect', '--format', '{{json .State}}', id], { signal })) as State
}

/** What a container has printed, the last lines of both streams. */
export async function logsOf(id: string, signal: AbortSignal): Promise<readonly string[]> {
  const outcome = await docker(['logs', '--tail', '40', id], { signal })
  return [...outcome.stdout.split('\n'), ...outcome.tail].filter((line) => line.trim() !== '')
}

/** How a container ended by itself, with its last line. */
export async function endedInWords(id: string, signal: AbortSignal): Promise<string> {
  const [state, logs] = await Promise.all([stateOf(id, signal), logsOf(id, signal)])
  const last = logs.at(-1)?.trim().slice(0, 300)
  const why = state.OOMKilled ? 'ended for want of memory' : `ended with exit code ${state.ExitCode}`
  return `${why}${state.Error ? `: ${state.Error}` : ''}${last ? ` (${last})` : ''}`
}

/** Between two questions: often at first, and never so often that it costs the container something. */
const SHORTEST_MS = 10
const LONGEST_MS = 100
const REQUEST_MS = 2_000
/** How often it is looked what the container does while it does not answer. */
const LOOK_MS = 500
/** How long it may listen where nobody outside reaches it. */
const MISPLACED_MS = 3_000

/**
 * Waits until a container is ready, through its published port; the time from its start in milliseconds. Throws an
 * EngineError with the cause when it is not.
 */
export async function awaitContainer(
  { id, startedAt }: Container,
  readiness: Extract<Readiness, { kind: 'http' }>,
  { port, url, timeoutMs, signal }: { port: number; url: string; timeoutMs: number; signal: AbortSignal },
): Promise<number> {
  let seen = 'it was never asked'
  let lookedAt = performance.now()
  let misplacedSince: number | undefined
  for (;;) {
    const answer = await get(`${url}${readiness.target}`, { limitMs: REQUEST_MS, signal })
    signal.throwIfAborted()
    const now = performance.now()
    const missing = answer.kind === 'answered' ? readiness.missing(answer) : undefined
    if (answer.kind === 'answered' && missing === undefined) return now - startedAt
    seen = missing === undefined ? 'its port answers nothing' : `GET ${readiness.target} ${missing}`
    if (now - lookedAt > LOOK_MS) {
      lookedAt = now
      const state = await stateOf(id, signal)
      if (!state.Running) throw new EngineError(`it ${await endedInWords(id, signal)} before it was ready`)
      const misplaced = await misplacedIn(state.Pid, port)
      misplacedSince = misplaced === undefined ? undefined : (misplacedSince ?? now)
      if (misplacedSince !== undefined && now - misplacedSince > Math.min(MISPLACED_MS, timeoutMs / 2)) {
        throw new EngineError(misplaced ?? '')
      }
    }
    if (now - startedAt > timeoutMs) {
      const { Running, Pid } = await stateOf(id, signal)
      if (!Running) throw new EngineError(`it ${await endedInWords(id, signal)} before it was ready`)
      const late = `it was not ready after ${formatDuration(timeoutMs)}: ${seen}`
      throw new EngineError((await misplacedIn(Pid, port)) ?? late)
    }
    await pause(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (now - startedAt) / 20)), signal)
    signal.throwIfAborted()
  }
}

/** Where a process in a container listens, when nobody outside can reach it; undefined where it can, or is not known. */
async function misplacedIn(pid: number, port: number): Promise<string | undefined> {
  if (process.platform !== 'linux' || pid === 0) return undefined
  const sockets = socketsOf(pid)
  const isLoopback = (address: string) => /^(127\.|::1$|::ffff:127\.)/.test(address)
  if (sockets.length === 0 || sockets.some((one) => one.port === port && !isLoopback(one.address)))
    return undefined
  const same = sockets.find((one) => one.port === port)
  if (same) {
    return `it listens on ${same.address}:${port} only, which nothing outside of the container reaches; let it listen on 0.0.0.0`
  }
  const others = [...new Set(sockets.filter((one) => !isLoopback(one.address)).map((one) => one.port))]
  return others.length > 0 ? `it listens on port ${others.join(' and ')}, but its port is ${port}` : undefined
}

/** What listens in the network of a process; none where it cannot be looked into. */
function socketsOf(pid: number): ReturnType<typeof socketTable> {
  try {
    return ['tcp', 'tcp6'].flatMap((table) => socketTable(`/proc/${pid}/net/${table}`))
  } catch {
    return []
  }
}

/** The memory that a container holds, in bytes, as its cgroup counts it, files that could be given back left out. */
export async function memoryOf(id: string, signal: AbortSignal): Promise<number | undefined> {
  const { Pid } = await stateOf(id, signal)
  const groups = await readFile(`/proc/${Pid}/cgroup`, 'utf8').catch(() => '')
  const unified = /^0::(.+)$/m.exec(groups)?.[1]
  const memory = /^\d+:[^:]*\bmemory\b[^:]*:(.+)$/m.exec(groups)?.[1]
  const folder = memory ? `/sys/fs/cgroup/memory${memory}` : unified ? `/sys/fs/cgroup${unified}` : undefined
  if (folder === undefined) return undefined
  const read = (name: string) => readFile(`${folder}/${name}`, 'utf8').catch(() => undefined)
  const used = Number((await read('memory.current')) ?? (await read('memory.usage_in_bytes')) ?? Number.NaN)
  const inactive = /^(?:total_)?inactive_file (\d+)$/m.exec((await read('memory.stat')) ?? '')?.[1]
  return Number.isNaN(used) ? undefined : Math.max(0, used - Number(inactive ?? 0))
}
