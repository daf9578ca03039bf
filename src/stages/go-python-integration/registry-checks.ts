import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { runAmongServices } from '../../mesh/command.ts'
import {
  type DeploymentName,
  deploymentCommand,
  type Mesh,
  noteLeftovers,
  REGISTRY_GRACE_MS,
  startDeployment,
} from '../../mesh/deployment.ts'
import { lastLine, withLastLine } from '../../mesh/last-line.ts'
import { isHealthy, listAgents, parsed, type RegisteredAgent } from '../../mesh/registry.ts'
import { ask } from '../../process/services/ask.ts'
import { exitInWords, ServiceFailure } from '../../process/services/failure.ts'
import type { Service } from '../../process/services/service.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'

/** How long a registry may take to see that its port is taken. */
const PORT_TAKEN_MS = 10_000
const HEALTH_MS = 5_000

/** Whether GET /health answers 200 with a healthy status. */
export async function healthCheck(
  name: DeploymentName,
  registry: string,
  signal: AbortSignal,
): Promise<Check> {
  const check = { id: `health/${name}`, title: `GET /health of the ${name} registry is healthy` }
  const answer = await ask(`${registry}/health`, { limitMs: HEALTH_MS, signal })
  if (answer.kind !== 'answered') {
    return {
      ...check,
      verdict: 'fail',
      detail: answer.kind === 'mute' ? answer.why : 'nothing listens there',
    }
  }
  const document = parsed(answer.body)
  const status =
    typeof document === 'object' && document !== null && 'status' in document ? document.status : undefined
  if (answer.status !== 200) return { ...check, verdict: 'fail', detail: `it answers ${answer.status}` }
  if (!isHealthy(status)) {
    return {
      ...check,
      verdict: 'fail',
      detail: `its status is ${JSON.stringify(status) ?? 'not in the answer'}`,
    }
  }
  return { ...check, verdict: 'pass', detail: `200, ${JSON.stringify(status)}` }
}

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
  const { exit, words, tail } = await runAmongServices(`${name}-second`, command, mesh, { timeoutMs, signal })
  if (exit?.code === 0) return { ...check, verdict: 'fail', detail: 'it ends with exit code 0' }
  if (exit === undefined || exit.signal)
    return { ...check, verdict: 'fail', detail: withLastLine(words, tail) }
  const names = tail.some((line) => line.includes(String(port)) || /in use|EADDRINUSE/i.test(line))
  if (!names) {
    const detail = withLastLine(`${words}, but no line tells that the port is in use`, tail)
    return { ...check, verdict: 'fail', detail }
  }
  return { ...check, verdict: 'pass', detail: `${words}: ${lastLine(tail)}` }
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
  const end: Check =
    killed || !isClean || stopped.alreadyEnded
      ? {
          ...stops,
          verdict: 'fail',
          detail: killed
            ? `it had to be killed after ${formatDuration(durationMs)}`
            : `${exit ? exitInWords(exit) : 'it does not end'}, not 0 or 143`,
          limit,
        }
      : {
          ...stops,
          verdict: 'pass',
          detail: exitInWords(exit),
          measured: { value: durationMs, unit: 'ms' },
          limit,
        }
  signal.throwIfAborted()
  if (typeof before === 'string') return [end, { ...keeps, verdict: 'fail', detail: before }]
  if (before.length === 0) return [end, { ...keeps, verdict: 'skipped', detail: 'no agent had registered' }]
  return [end, { ...keeps, ...(await after(name, before, data, mesh, signal)) }]
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
    if (typeof now === 'string') return { verdict: 'fail', detail: now }
    const keyOf = (agent: RegisteredAgent) => agent.id ?? agent.name
    const lost = before.map(keyOf).filter((key) => !now.some((agent) => keyOf(agent) === key))
    noteLeftovers(again.name, await again.stop(), mesh)
    if (lost.length > 0) return { verdict: 'fail', detail: `it has forgotten ${lost.join(', ')}` }
    return { verdict: 'pass', detail: `${before.map(keyOf).join(', ')}` }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    noteLeftovers(error.service, error.stopped, mesh)
    return { verdict: 'fail', detail: withLastLine(error.message, error.tail) }
  }
}
