import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { type DeploymentName, startDeployment } from '../../mesh/deployment.ts'
import { blamed } from '../../mesh/fault.ts'
import { type Mesh, noteLeftovers } from '../../mesh/mesh.ts'
import { allEnded } from '../../process/all-ended.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import type { Service } from '../../process/services/service.ts'
import type { Check } from '../../result/stage-result.ts'
import { checkAgents } from './agents.ts'
import { healthCheck, portTakenCheck, restartChecks } from './registry-checks.ts'
import { type Answers, answersOf, embeddedCheck } from './same-code.ts'

export interface DeploymentOptions {
  /** How long an agent may take for each thing that is asked of it. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface CheckedDeployment {
  readonly checks: readonly Check[]
  /** Undefined where it did not get ready. */
  readonly answers: Answers | undefined
  readonly readyMs: number | undefined
}

/** Everything that is asked of one deployment of the Go registry, from its start to a restart on the same data. */
export async function checkDeployment(
  name: DeploymentName,
  mesh: Mesh,
  options: DeploymentOptions,
): Promise<CheckedDeployment> {
  const check = { id: `ready/${name}`, title: `the ${name} registry starts and is ready` }
  const data = await mkdtemp(join(mesh.temporary, `${name}-`))
  let registry: Service
  try {
    registry = await startDeployment(name, data, mesh)
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    noteLeftovers(name, error.stopped, mesh)
    const detail = blamed(error.message, error, mesh)
    const checks: Check[] = [{ ...check, verdict: 'fail', detail }]
    return { checks, answers: undefined, readyMs: undefined }
  }
  await using service = registry
  const { readyMs } = service
  const ready: Check = { ...check, verdict: 'pass', measured: { value: readyMs, unit: 'ms' } }
  const asked: Check[] = []
  let answers: Answers | undefined
  try {
    await service.during(async (signal) => {
      asked.push(await healthCheck(name, service.url, mesh, signal))
      answers = await answersOf(service.url, mesh.project, signal)
      const [same, second, agents] = await allEnded([
        name === 'embedded'
          ? embeddedCheck(mesh.project, service, mesh.programs.registry, signal)
          : undefined,
        portTakenCheck(name, service, mesh, signal),
        checkAgents(mesh, { deployment: name, registry: service.url, timeoutMs: options.timeoutMs, signal }),
      ])
      asked.push(...(same ? [same] : []), second, ...agents)
    })
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    const ended: Check = {
      id: `stays/${name}`,
      title: `the ${name} registry stays up`,
      verdict: 'fail',
      detail: blamed(error.message, error, mesh),
    }
    noteLeftovers(name, await service.stop(), mesh)
    return { checks: [ready, ended, ...asked], answers, readyMs }
  }
  const restarted = await restartChecks(name, service, data, mesh, options.signal)
  noteLeftovers(name, await service.stop(), mesh)
  return { checks: [ready, ...asked, ...restarted], answers, readyMs }
}
