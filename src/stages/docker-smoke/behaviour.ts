import { type AgentSpec, startAgent } from '../../mesh/agent.ts'
import { type Mesh, registryEnvironment } from '../../mesh/deployment.ts'
import { listAgents } from '../../mesh/registry.ts'
import { allEnded } from '../../process/all-ended.ts'
import { succeeded } from '../../process/run.ts'
import { ask as get } from '../../process/services/ask.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import { pause } from '../../process/services/pause.ts'
import type { Readiness } from '../../process/services/readiness.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatBytes, formatDuration } from '../../result/units.ts'
import type { ImageConfig } from './archive.ts'
import type { ImageSpec } from './build.ts'
import {
  awaitContainer,
  type Container,
  endedInWords,
  flagsOf,
  logsOf,
  memoryOf,
  publishedUrl,
  startContainer,
  stateOf,
} from './container.ts'
import { ask, docker, EngineError, OWNER_LABEL, saidBy } from './engine.ts'

/** An image at work: what is asked of it, and with what. */
export interface Subject {
  readonly name: string
  readonly spec: ImageSpec
  readonly reference: string
  readonly config: ImageConfig
  readonly owner: string
  /** Undefined for an image without a port: it is not a server. */
  readonly port: number | undefined
  readonly readiness: Extract<Readiness, { kind: 'http' }>
  readonly mesh: Mesh
  readonly agents: readonly AgentSpec[]
  readonly signal: AbortSignal
}

export interface Behaviour {
  readonly checks: readonly Check[]
  readonly readyMs: number | undefined
  readonly idleMemoryBytes: number | undefined
}

const IDLE_MS = 10_000
const STOP_S = 10
const COMMAND_MS = 60_000
/** The port and folder that the environment names where it is asked whether that is heeded. */
const OTHER_PORT = 18_080
const OTHER_FOLDER = '/mesh-data'

/** Runs a server as production would, from its start to a restart on the same volume. */
export async function serverChecks(subject: Subject, port: number): Promise<Behaviour> {
  const { name, signal } = subject
  const check = { id: `ready/${name}`, title: `${name} starts read-only, without capabilities, and is ready` }
  const volumes = await volumesFor(subject)
  let container: Container
  let url: string
  let readyMs: number
  try {
    container = await startContainer({ ...runSpec(subject), port, volumes }, signal)
    url = await publishedUrl(container.id, port, signal)
    readyMs = await awaitContainer(container, subject.readiness, {
      port,
      url,
      timeoutMs: subject.spec.timeout,
      signal,
    })
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return {
      checks: [{ ...check, verdict: 'fail', detail: error.message }],
      readyMs: undefined,
      idleMemoryBytes: undefined,
    }
  }
  const readyAt = performance.now()
  const registers = await allEnded([
    probe(url, signal),
    settingsCheck(subject),
    integrationChecks(subject, url),
    logsCheck(name, container.id, signal),
  ])
  const [probed, settings, integration, logs] = registers
  await pause(Math.max(0, readyAt + IDLE_MS - performance.now()), signal)
  signal.throwIfAborted()
  const memory = await memoryOf(container.id, signal)
  const rest = await restarted(subject, container, port, probed)
  const idle = memory === undefined ? '' : `; ${formatBytes(memory)} of memory after ${IDLE_MS / 1000} s`
  const ready: Check = {
    ...check,
    verdict: 'pass',
    detail: `GET ${subject.readiness.target} through ${url}${idle}`,
    measured: { value: readyMs, unit: 'ms' },
  }
  return {
    checks: [ready, settings, ...integration, logs, ...rest],
    readyMs,
    idleMemoryBytes: memory,
  }
}

/** Runs each command that mesh.yml names for an image, inside it. */
export async function commandChecks(subject: Subject): Promise<readonly Check[]> {
  return allEnded(
    subject.spec.commands.map(async (command): Promise<Check> => {
      const check = {
        id: `commands/${subject.name}/${command.join(' ')}`,
        title: `${command.join(' ')} works in ${subject.name}`,
      }
      const outcome = await docker(['run', '--rm', ...flagsOf({ ...runSpec(subject), command })], {
        signal: subject.signal,
        timeoutMs: COMMAND_MS,
      })
      if (!succeeded(outcome)) return { ...check, verdict: 'fail', detail: saidBy(outcome) }
      const measured = { value: outcome.durationMs, unit: 'ms' } as const
      return { ...check, verdict: 'pass', detail: 'exit code 0', measured }
    }),
  )
}

function runSpec({ reference, owner, spec }: Subject) {
  return { reference, owner, memoryBytes: spec['memory-limit'] }
}

/** A volume for each path that the image declares as one. */
async function volumesFor({ config, owner, signal }: Subject): Promise<Readonly<Record<string, string>>> {
  const paths = Object.keys(config.config?.Volumes ?? {})
  const names = await allEnded(
    paths.map(() => ask(['volume', 'create', '--label', `${OWNER_LABEL}=${owner}`], { signal })),
  )
  return Object.fromEntries(paths.map((path, index) => [path, names[index] ?? '']))
}

/** Whether host, port and data path can be given by the environment alone, as a Kubernetes deployment does. */
async function settingsCheck(subject: Subject): Promise<Check> {
  const { name, readiness, signal } = subject
  const check = {
    id: `settings/${name}`,
    title: `${name} takes host, port and data path from its environment`,
  }
  try {
    const container = await startContainer(
      {
        ...runSpec(subject),
        port: OTHER_PORT,
        writable: [OTHER_FOLDER],
        env: registryEnvironment('0.0.0.0', OTHER_PORT, `${OTHER_FOLDER}/registry.db`),
      },
      signal,
    )
    const url = await publishedUrl(container.id, OTHER_PORT, signal)
    const ms = await awaitContainer(container, readiness, {
      port: OTHER_PORT,
      url,
      timeoutMs: subject.spec.timeout,
      signal,
    })
    await docker(['rm', '--force', '--volumes', container.id], { signal })
    return { ...check, verdict: 'pass', detail: `port ${OTHER_PORT}, ready after ${formatDuration(ms)}` }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { ...check, verdict: 'fail', detail: `with PORT=${OTHER_PORT} ${error.message}` }
  }
}

/** The project's agents, from the machine itself, through the published port. */
async function integrationChecks(
  { name, agents, mesh, spec, signal }: Subject,
  url: string,
): Promise<readonly Check[]> {
  return allEnded(
    agents.map(async (agent): Promise<Check> => {
      const check = { id: `registers/${name}/${agent.name}`, title: `${agent.name} registers with ${name}` }
      try {
        await using running = await startAgent(agent, url, mesh, {
          label: `${agent.name}-on-${name}`,
          timeoutMs: spec.timeout,
          signal,
        })
        return { ...check, verdict: 'pass', measured: { value: running.service.readyMs, unit: 'ms' } }
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error
        return { ...check, verdict: 'fail', detail: error.message }
      }
    }),
  )
}

async function logsCheck(name: string, id: string, signal: AbortSignal): Promise<Check> {
  const check = { id: `logs/${name}`, title: `${name} logs to stdout or stderr` }
  const [first] = await logsOf(id, signal)
  if (first === undefined) return { ...check, verdict: 'fail', detail: 'docker logs shows nothing' }
  return { ...check, verdict: 'pass', detail: first.trim().slice(0, 200) }
}

/** Stops it as production would, starts it again, and looks whether it still knows what it knew. */
async function restarted(
  { name, readiness, spec, signal }: Subject,
  { id }: Container,
  port: number,
  probed: string | undefined,
): Promise<readonly Check[]> {
  const stays = { id: `stays/${name}`, title: `${name} stays up` }
  const stops = { id: `stops/${name}`, title: `${name} ends on its stop signal` }
  const keeps = { id: `keeps/${name}`, title: `${name} keeps its data over a restart` }
  if (!(await stateOf(id, signal)).Running) {
    return [{ ...stays, verdict: 'fail', detail: `it ${await endedInWords(id, signal)}` }]
  }
  const askedAt = performance.now()
  await ask(['stop', '--time', String(STOP_S), id], { signal, timeoutMs: (STOP_S + 20) * 1000 })
  const tookMs = performance.now() - askedAt
  const { ExitCode: code } = await stateOf(id, signal)
  const ended: Check =
    code === 0 || code === 143
      ? { ...stops, verdict: 'pass', detail: `exit code ${code}`, measured: { value: tookMs, unit: 'ms' } }
      : {
          ...stops,
          verdict: 'fail',
          detail: code === 137 ? `it had to be killed after ${STOP_S} s` : `exit code ${code}, not 0 or 143`,
        }
  try {
    const startedAt = performance.now()
    await ask(['start', id], { signal })
    const url = await publishedUrl(id, port, signal)
    await awaitContainer({ id, startedAt }, readiness, { port, url, timeoutMs: spec.timeout, signal })
    if (probed === undefined)
      return [ended, { ...keeps, verdict: 'skipped', detail: 'no agent could be registered' }]
    const agents = await listAgents(url, signal)
    const isKept = typeof agents !== 'string' && agents.some((agent) => agent.name === probed)
    return [
      ended,
      isKept
        ? { ...keeps, verdict: 'pass', detail: `${probed} is still there` }
        : {
            ...keeps,
            verdict: 'fail',
            detail: typeof agents === 'string' ? agents : `it has forgotten ${probed}`,
          },
    ]
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return [ended, { ...keeps, verdict: 'fail', detail: `started again, ${error.message}` }]
  }
}

const PROBE = 'mesh-actions-probe'
const PROBE_MS = 5_000

/** Registers an agent, where the server is a registry; its name when it is there. */
async function probe(url: string, signal: AbortSignal): Promise<string | undefined> {
  if (typeof (await listAgents(url, signal)) === 'string') return undefined
  await get(`${url}/agents/register`, {
    method: 'POST',
    body: JSON.stringify({ name: PROBE, capabilities: ['probe'], health_interval: 3600 }),
    limitMs: PROBE_MS,
    signal,
  })
  const agents = await listAgents(url, signal)
  return typeof agents !== 'string' && agents.some(({ name }) => name === PROBE) ? PROBE : undefined
}
