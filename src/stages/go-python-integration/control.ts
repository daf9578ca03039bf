import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { startDeployment } from '../../mesh/deployment.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import type { MeshConfig } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { kindOf } from '../../result/judge.ts'
import type { Check } from '../../result/stage-result.ts'
import { checkAgents } from './agents.ts'
import type { DeploymentOptions } from './one-deployment.ts'
import { serviceOf } from './register.ts'

/** The kinds of check that ask something of an agent. */
const OF_AGENTS: ReadonlySet<string> = new Set(['registers', 'heartbeat', 'call', 'decay'])

/**
 * Says of each red check of an agent on which side the fault lies: the same is asked once more with the Python
 * reference as the registry.
 */
export async function withControl(
  checks: readonly Check[],
  mesh: Mesh,
  options: DeploymentOptions,
): Promise<readonly Check[]> {
  const isRed = (check: Check) => check.verdict === 'fail' && OF_AGENTS.has(kindOf(check))
  if (!checks.some(isRed)) return checks
  const control = await controlChecks(mesh, options)
  return checks.map((check) => {
    if (!isRed(check)) return check
    const { at, clause } = sideOf(check, control)
    const [, deployment = ''] = check.id.split('/')
    if (at !== 'agent') mesh.faults.add(deployment)
    const agent = agentOf(check, mesh.project.config.integration)
    if (at !== 'registry' && agent !== undefined) mesh.faults.add(serviceOf(agent, deployment))
    return { ...check, detail: `${check.detail}; ${clause}` }
  })
}

/** The agent that a check asks something of, by its name in mesh.yml. */
function agentOf({ id }: Check, { agents, calls }: MeshConfig['integration']): string | undefined {
  const [kind, , ...rest] = id.split('/')
  const name = kind === 'call' ? calls[Number(rest[0]) - 1]?.agent : rest.join('/')
  // Its checks while it runs bear a name that it registers.
  return agents.find((agent) =>
    kind === 'heartbeat' || kind === 'decay'
      ? agent.registers.some((one) => one === name)
      : agent.name === name,
  )?.name
}

async function controlChecks(
  mesh: Mesh,
  { timeoutMs, signal }: DeploymentOptions,
): Promise<readonly Check[] | string> {
  try {
    const data = await mkdtemp(join(mesh.temporary, 'reference-'))
    await using reference = await startDeployment('reference', data, mesh)
    return await reference.during((over) =>
      checkAgents(mesh, {
        deployment: 'reference',
        registry: reference.url,
        timeoutMs,
        signal: AbortSignal.any([signal, over]),
      }),
    )
  } catch (error) {
    // That there is no comparison must not hide what is compared.
    if (!(error instanceof ServiceFailure || error instanceof ConfigurationError)) throw error
    return error.message
  }
}

/** registers/standalone/hello-world is registers/reference/hello-world in the control. */
function sideOf(
  check: Check,
  control: readonly Check[] | string,
): { readonly at: 'registry' | 'agent' | 'unknown'; readonly clause: string } {
  if (typeof control === 'string') {
    return { at: 'unknown', clause: `the reference could not be asked for comparison: ${control}` }
  }
  const id = check.id.replace(/\/[^/]+\//, '/reference/')
  const same = control.find((one) => one.id === id)
  switch (same?.verdict) {
    case 'pass':
      return {
        at: 'registry',
        clause: 'with the Python reference it works, so the Go registry is at fault',
      }
    case 'fail':
      return {
        at: 'agent',
        clause: 'with the Python reference it fails as well, so the agent is at fault',
      }
    default:
      return {
        at: 'unknown',
        clause: `the Python reference does not tell: ${same?.detail ?? 'it was not asked'}`,
      }
  }
}
