import { succeeded } from '../../process/run.ts'
import { ask as get } from '../../process/services/ask.ts'
import { socketTable } from '../../process/services/listeners.ts'
import { pause } from '../../process/services/pause.ts'
import type { Readiness } from '../../process/services/readiness.ts'
import { formatDuration } from '../../result/units.ts'
import { groupsHere } from './control-groups.ts'
import { ask, docker, EngineError, make, OWNER_LABEL, saidBy } from './engine.ts'

/** How a container is started: always as production would, and with what is said here. */
export interface ContainerSpec {
  readonly reference: string
  readonly owner: string
  /** Port in the container that is published on 127.0.0.1. */
  readonly port?: number | undefined
  readonly env?: Readonly<Record<string, string>>
  /** Volumes by their path in the container. */
  readonly volumes?: Readonly<Record<string, string>>
  readonly memoryBytes: number
  /** What is run in the stead of the image's own program. */
  readonly command?: readonly string[]
}

/** The arguments of `docker create` for a container. */
export function flagsOf(spec: ContainerSpec): readonly string[] {
  const [program, ...args] = spec.command ?? []
  return [
    ...['--label', `${OWNER_LABEL}=${spec.owner}`],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '512'],
    ...['--memory', String(spec.memoryBytes), '--memory-swap', String(spec.memoryBytes)],
    ...['--tmpfs', '/tmp:rw,mode=1777'],
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
  /** When the engine was asked to start it. */
  readonly startedAt: number
}

const START_MS = 60_000

export async function startContainer(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
  return start(await make(['create', ...flagsOf(spec)], signal), signal)
}

/** Starts a container that was created or has ended. */
export async function start(id: string, signal: AbortSignal): Promise<Container> {
  const startedAt = performance.now()
  await ask(['start', id], { signal, timeoutMs: START_MS })
  return { id, startedAt }
}

/**
 * Where the port of a running container is published; it changes when the container is started again. Throws an
 * EngineError with the cause when it has ended already.
 */
export async function publishedUrl(id: string, port: number, signal: AbortSignal): Promise<string> {
  const since = performance.now()
  for (;;) {
    const outcome = await docker(['port', id, `${port}/tcp`], { signal })
    const [first = ''] = outcome.stdout.split('\n')
    if (succeeded(outcome) && first !== '') return `http://${first.trim()}`
    if (!(await stateOf(id, signal)).Running) {
      throw new EngineError(`it ${await endedInWords(id, signal)} before it was ready`)
    }
    // An engine with much to do may say nothing at first.
    if (!succeeded(outcome)) throw new EngineError(`docker port: ${saidBy(outcome)}`)
    if (performance.now() - since > PUBLISH_MS) throw new EngineError(`its port ${port} was never published`)
    await pause(LONGEST_MS, signal)
    signal.throwIfAborted()
  }
}

/** How long an engine may take to publish a port of a container that runs. */
const PUBLISH_MS = 30_000

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
  const [state, logs] = await Promise.all([endStateOf(id, signal), logsOf(id, signal)])
  const last = logs.at(-1)?.trim().slice(0, 300)
  const why = state.OOMKilled ? 'ended for want of memory' : `ended with exit code ${state.ExitCode}`
  return `${why}${state.Error ? `: ${state.Error}` : ''}${last ? ` (${last})` : ''}`
}

/** Of a process that was killed, with exit code 137, an engine may hear only a moment later that it was for memory. */
async function endStateOf(id: string, signal: AbortSignal): Promise<State> {
  for (let round = 0; ; round++) {
    const state = await stateOf(id, signal)
    if (state.ExitCode !== 137 || state.OOMKilled || round === 10) return state
    await pause(LONGEST_MS, signal)
    signal.throwIfAborted()
  }
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
  // What the engine took to start it is not its time.
  const since = performance.now()
  let seen = 'it was never asked'
  let lookedAt = since
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
      const misplaced = await misplacedIn(id, state.Pid, port)
      misplacedSince = misplaced === undefined ? undefined : (misplacedSince ?? now)
      if (misplacedSince !== undefined && now - misplacedSince > Math.min(MISPLACED_MS, timeoutMs / 2)) {
        throw new EngineError(misplaced ?? '')
      }
    }
    if (now - since > timeoutMs) {
      const { Running, Pid } = await stateOf(id, signal)
      if (!Running) throw new EngineError(`it ${await endedInWords(id, signal)} before it was ready`)
      const late = `it was not ready after ${formatDuration(timeoutMs)}: ${seen}`
      throw new EngineError((await misplacedIn(id, Pid, port)) ?? late)
    }
    await pause(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (now - since) / 20)), signal)
    signal.throwIfAborted()
  }
}

/** Where a process in a container listens, when nobody outside can reach it; undefined where it can, or is not known. */
async function misplacedIn(id: string, pid: number, port: number): Promise<string | undefined> {
  if ((await groupsHere(id, pid)) === undefined) return undefined
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
