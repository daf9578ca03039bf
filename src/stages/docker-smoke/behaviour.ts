import { startAgent } from '../../mesh/agent.ts'
import { allEnded } from '../../process/all-ended.ts'
import { succeeded } from '../../process/run.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import { pause } from '../../process/services/pause.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatBytes, formatDuration } from '../../result/units.ts'
import { awaitContainer, type Container, logsOf, publishedUrl, startContainer, stateOf } from './container.ts'
import { memoryOf } from './control-groups.ts'
import { docker, EngineError, make, OWNER_LABEL } from './engine.ts'
import { type Probed, probe } from './probe.ts'
import { restarted } from './restart.ts'
import { settingsCheck } from './settings.ts'
import { runSpec, type Subject } from './subject.ts'

export interface Behaviour {
  readonly checks: readonly Check[]
  readonly readyMs: number | undefined
  readonly idleMemoryBytes: number | undefined
}

/** Runs a server as production would, from its start to a restart on the same volumes. */
export async function serverChecks(subject: Subject, port: number): Promise<Behaviour> {
  const { name, idleMs, signal } = subject
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
  const [probed, settings, integration] = await allEnded([
    probe(url, signal),
    settingsCheck(subject),
    integrationChecks(subject, url),
  ])
  await idle(container.id, readyAt + idleMs - performance.now(), signal)
  const [memory, logs] = await allEnded([
    memoryAfter(container.id, signal),
    // Only now: what it printed when it got ready may take its way to the engine.
    logsCheck(name, container.id, signal),
  ])
  const rest = await restarted(subject, container, port, probed)
  const waited =
    memory === undefined ? '' : `; ${formatBytes(memory)} of memory after ${formatDuration(idleMs)}`
  const ready: Check = {
    ...check,
    verdict: 'pass',
    detail: `GET ${subject.readiness.target} through ${url}${waited}`,
    measured: { value: readyMs, unit: 'ms' },
  }
  return {
    checks: [ready, settings, ...integration, logs, writesCheck(subject, probed), ...rest],
    readyMs,
    idleMemoryBytes: memory,
  }
}

/** A volume for each path that the image declares as one. */
async function volumesFor(subject: Subject): Promise<Readonly<Record<string, string>>> {
  const { owner, signal } = subject
  const paths = volumePaths(subject)
  const names = await allEnded(
    paths.map(() => make(['volume', 'create', '--label', `${OWNER_LABEL}=${owner}`], signal)),
  )
  return Object.fromEntries(paths.map((path, index) => [path, names[index] ?? '']))
}

function volumePaths({ config }: Subject): readonly string[] {
  return Object.keys(config.config?.Volumes ?? {})
}

/** Waits for a time, in which a container is left alone; not any longer when it ends. */
async function idle(id: string, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const time = pause(Math.max(0, ms), signal)
  const ended = docker(['wait', id], {
    signal: AbortSignal.any([signal, over.signal]),
    timeoutMs: Math.max(0, ms) + LATE_MS,
  }).then(
    // An engine that cannot be asked says nothing of the container.
    (outcome) => (succeeded(outcome) ? undefined : time),
    () => time,
  )
  await Promise.race([time, ended])
  over.abort()
  await ended
  signal.throwIfAborted()
}

/** Timers come late on a busy machine. */
const LATE_MS = 60_000

async function memoryAfter(id: string, signal: AbortSignal): Promise<number | undefined> {
  const { Running, Pid } = await stateOf(id, signal)
  return Running ? memoryOf({ id, pid: Pid }, signal) : undefined
}

/** Whether a registry can write its data: into its volumes, since all else is read-only. */
function writesCheck(subject: Subject, probed: Probed): Check {
  const { name } = subject
  const check = { id: `writes/${name}`, title: `${name} can write its data` }
  const where = volumePaths(subject).join(', ') || 'no volume'
  switch (probed.kind) {
    case 'registered':
      return { ...check, verdict: 'pass', detail: `an agent registered; ${where}` }
    case 'failed':
      return { ...check, verdict: 'fail', detail: `with ${where}: ${probed.why}` }
    case 'not-asked':
      return { ...check, verdict: 'skipped', detail: probed.why }
    default:
      return probed satisfies never
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
