import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { runAmongServices } from '../../mesh/command.ts'
import {
  type DeploymentName,
  deploymentCommand,
  REGISTRY_GRACE_MS,
  readinessOf,
  startDeployment,
} from '../../mesh/deployment.ts'
import { blamed } from '../../mesh/fault.ts'
import { lastLine } from '../../mesh/last-line.ts'
import { type Mesh, noteLeftovers } from '../../mesh/mesh.ts'
import { isHealthy, listAgents, parsed, type RegisteredAgent } from '../../mesh/registry.ts'
import { ask } from '../../process/services/ask.ts'
import { exitInWords, ServiceFailure } from '../../process/services/failure.ts'
import type { Service } from '../../process/services/service.ts'
import type { Stopped } from '../../process/services/stop.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'

/** How long a registry may take to see that its port is taken. */
const PORT_TAKEN_MS = 10_000
const HEALTH_MS = 5_000

/**
 * Whether the path by which mesh.yml tells that the deployment is ready (else /health) answers as it should, and with
 * the field that is named there, or a healthy status.
 */
export async function healthCheck(
  name: DeploymentName,
  registry: string,
  mesh: Mesh,
  signal: AbortSignal,
): Promise<Check> {
  const { ready } = mesh.project.config.deployments[name]
  const check = { id: `health/${name}`, title: `GET ${ready.path} of the ${name} registry is healthy` }
  const fail = (detail: string): Check => {
    mesh.faults.add(name)
    return { ...check, verdict: 'fail', detail }
  }
  const answer = await ask(`${registry}${ready.path}`, { limitMs: HEALTH_MS, signal })
  if (answer.kind !== 'answered') return fail(answer.kind === 'mute' ? answer.why : 'nothing listens there')
  const said = readinessOf(ready)
  if (said.kind === 'http') {
    const missing = said.missing(answer)
    if (missing !== undefined) return fail(`it ${missing}`)
    if ('field' in ready && ready.equals !== undefined) {
      return { ...check, verdict: 'pass', detail: `200, ${ready.field} is ${ready.equals}` }
    }
  } else if (answer.status !== ready.status) return fail(`it answers ${answer.status}, not ${ready.status}`)
  const document = parsed(answer.body)
  const status =
    typeof document === 'object' && document !== null && 'status' in document ? document.status : undefined
  if (!isHealthy(status)) return fail(`its status is ${JSON.stringify(status) ?? 'not in the answer'}`)
  return { ...check, verdict: 'pass', detail: `${answer.status}, ${JSON.stringify(status)}` }
}

/** What a program says of an address that it does not get: Go, Python, Node, and in words of one's own. */
const OF_ADDRESS =
  /\bin use\b|EADDRINUSE|\berrno (98|48)\b|\bbind\b|already (taken|bound|listen)|(cannot|can't|could not|failed to|unable to) listen/i

/** Whether a second registry on a port in use ends with a message and a code, instead of hanging. */
export async function portTakenCheck(
  name: DeploymentName,
  { port, url }: Service,
  mesh: Mesh,
  signal: AbortSignal,
): Promise<Check> {
  const check = { id: `port-taken/${name}`, title: `a second ${name} registry refuses a port in use` }
  const data = await mkdtemp(join(mesh.temporary, 'second-'))
  const command = deploymentCommand(name, data, { host: '127.0.0.1', port, url }, mesh)
  const timeoutMs = Math.min(PORT_TAKEN_MS, mesh.project.config.deployments[name].timeout)
  const service = `${name}-second`
  const { exit, words, tail } = await runAmongServices(service, command, mesh, { timeoutMs, signal })
  const fail = (clause: string): Check => {
    return { ...check, verdict: 'fail', detail: blamed(clause, { service, tail }, mesh) }
  }
  if (exit?.code === 0) return fail('it ends with exit code 0')
  if (exit === undefined || exit.signal) return fail(words)
  const said = tail.findLast((line) => OF_ADDRESS.test(line))
  if (said === undefined) return fail(`${words}, but no line tells that the port is in use`)
  return { ...check, verdict: 'pass', detail: `${words}: ${lastLine([said])}` }
}

/**
 * Whether a registry ends when it is asked to, and still knows its agents when it is started on the same data again.
 */
export async function restartChecks(
  name: DeploymentName,
  registry: Service,
  data: string,
  mesh: Mesh,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const stops = { id: `stops/${name}`, title: `the ${name} registry ends on SIGTERM` }
  const keeps = { id: `keeps/${name}`, title: `the ${name} registry keeps its agents over a restart` }
  const before = await listAgents(registry.url, signal)
  const stopped = await registry.stop()
  const { exit, durationMs, killed } = stopped
  const limit = { kind: 'at-most', value: REGISTRY_GRACE_MS, unit: 'ms' } as const
  const isClean = exit !== undefined && (exit.code === 0 || exit.code === 143 || exit.signal === 'SIGTERM')
  const isGood = isClean && !killed && !stopped.alreadyEnded
  if (!isGood) mesh.faults.add(name)
  const end: Check = isGood
    ? {
        ...stops,
        verdict: 'pass',
        detail: exitInWords(exit),
        measured: { value: durationMs, unit: 'ms' },
        limit,
      }
    : { ...stops, verdict: 'fail', detail: howItEnded(stopped), limit }
  signal.throwIfAborted()
  if (typeof before === 'string') return [end, { ...keeps, verdict: 'fail', detail: before }]
  if (before.length === 0) return [end, { ...keeps, verdict: 'skipped', detail: 'no agent had registered' }]
  return [end, { ...keeps, ...(await after(name, before, data, mesh, signal)) }]
}

/** How a registry ended that did not end as it should. */
function howItEnded({ exit, durationMs, killed, alreadyEnded }: Stopped): string {
  if (killed) return `it had to be killed after ${formatDuration(durationMs)}`
  if (!exit) return 'it does not end'
  if (alreadyEnded) return `it had ended before it was asked to: ${exitInWords(exit)}`
  return `${exitInWords(exit)}, not 0 or 143`
}

async function after(
  name: DeploymentName,
  before: readonly RegisteredAgent[],
  data: string,
  mesh: Mesh,
  signal: AbortSignal,
): Promise<Pick<Check, 'verdict' | 'detail'>> {
  try {
    await using again = await startDeployment(name, data, mesh, `${name}-again`)
    const now = await listAgents(again.url, signal)
    const fail = (detail: string) => {
      mesh.faults.add(again.name)
      return { verdict: 'fail', detail } as const
    }
    if (typeof now === 'string') return fail(now)
    const keyOf = (agent: RegisteredAgent) => agent.id ?? agent.name
    const lost = before.map(keyOf).filter((key) => !now.some((agent) => keyOf(agent) === key))
    noteLeftovers(again.name, await again.stop(), mesh)
    if (lost.length > 0) return fail(`it has forgotten ${lost.join(', ')}`)
    return { verdict: 'pass', detail: `${before.map(keyOf).join(', ')}` }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    noteLeftovers(error.service, error.stopped, mesh)
    return { verdict: 'fail', detail: blamed(error.message, error, mesh) }
  }
}
