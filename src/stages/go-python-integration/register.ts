import { type Agent, startAgent } from '../../mesh/agent.ts'
import { withLastLine } from '../../mesh/last-line.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { isRefused, isRegistration, type Recorded } from '../../mesh/recorder.ts'
import { listAgents } from '../../mesh/registry.ts'
import { exitInWords, ServiceFailure } from '../../process/services/failure.ts'
import type { MeshConfig } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'

export interface AgentsOptions {
  /** The deployment they run on, as it stands in ids and in the log. */
  readonly deployment: string
  /** URL of the registry. */
  readonly registry: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What an agent is called in the log and in the summary. */
export function serviceOf(agent: string, deployment: string): string {
  return `${agent}-on-${deployment}`
}

type AgentSpec = MeshConfig['integration']['agents'][number]

/** Starts an agent: whether it registers every name that it should, and the agent where it does. */
export async function register(
  spec: AgentSpec,
  mesh: Mesh,
  { deployment, registry, timeoutMs, signal }: AgentsOptions,
): Promise<{ readonly check: Check; readonly agent?: Agent }> {
  const check = {
    id: `registers/${deployment}/${spec.name}`,
    title: `${spec.name} registers with the ${deployment} registry`,
  }
  let asked: readonly Recorded[] = []
  try {
    const agent = await startAgent(spec, registry, mesh, {
      label: serviceOf(spec.name, deployment),
      timeoutMs,
      signal,
      asked: (requests) => {
        asked = requests
      },
    })
    const { readyMs } = agent.service
    const detail = `${spec.registers.join(', ')}, healthy`
    return { agent, check: { ...check, verdict: 'pass', detail, measured: { value: readyMs, unit: 'ms' } } }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    const agents = await listAgents(registry, signal)
    const registered = typeof agents === 'string' ? [] : agents.map(({ name }) => name)
    const lacking = spec.registers.filter((name) => !registered.includes(name))
    const known = new Set(mesh.project.config.integration.agents.flatMap(({ registers }) => registers))
    const strangers = registered.filter((name) => !known.has(name))
    return { check: { ...check, verdict: 'fail', detail: whyNot(error, asked, lacking, strangers) } }
  }
}

/** Why an agent is not registered: what it was refused, or did not ask, says more than that time is over. */
function whyNot(
  { reason, exit, message, tail }: ServiceFailure,
  asked: readonly Recorded[],
  lacking: readonly string[],
  strangers: readonly string[],
): string {
  if (reason === 'ended' && exit) return withLastLine(`it ended: ${exitInWords(exit)}`, tail)
  const refused = asked.find(isRefused)
  if (refused) {
    const answer = refused.status === 'none' ? 'no answer' : `${refused.status}`
    return `${refused.method} ${refused.path} got ${answer}: ${refused.refusal.replace(/\s+/g, ' ')}`
  }
  const waiting = asked.find(({ status }) => status === 'awaited')
  if (waiting) return `${waiting.method} ${waiting.path} got no answer yet`
  if (asked.length === 0) return withLastLine('it asked nothing of its registry', tail)
  if (!asked.some(isRegistration)) {
    const questions = [...new Set(asked.map(({ method, path }) => `${method} ${path}`))].slice(0, 3)
    return withLastLine(`it asked its registry for ${questions.join(', ')}, but never registered`, tail)
  }
  if (lacking.length > 0 && strangers.length > 0) {
    return `it did not register ${lacking.join(', ')}; the registry has ${strangers.join(', ')}`
  }
  return message
}
