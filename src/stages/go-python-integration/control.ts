import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { type Mesh, startDeployment } from '../../mesh/deployment.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { kindOf } from '../../result/judge.ts'
import type { Check } from '../../result/stage-result.ts'
import { checkAgents } from './agents.ts'
import type { DeploymentOptions } from './one-deployment.ts'

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
    return { ...check, detail: `${check.detail}; ${side(check, control)}` }
  })
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
function side(check: Check, control: readonly Check[] | string): string {
  if (typeof control === 'string') return `the reference could not be asked for comparison: ${control}`
  const id = check.id.replace(/\/[^/]+\//, '/reference/')
  const same = control.find((one) => one.id === id)
  switch (same?.verdict) {
    case 'pass':
      return 'with the Python reference it works, so the Go registry is at fault'
    case 'fail':
      return 'with the Python reference it fails as well, so the agent is at fault'
    default:
      return `the Python reference does not tell: ${same?.detail ?? 'it was not asked'}`
  }
}
