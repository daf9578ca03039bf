import { join } from 'node:path'
import { ServiceFailure } from '../process/services/failure.ts'
import { startService } from '../process/services/index.ts'
import { answersJson } from '../process/services/readiness.ts'
import type { Service } from '../process/services/service.ts'
import type { MeshConfig } from '../project/load.ts'
import { type Mesh, noteLeftovers } from './mesh.ts'
import { fill } from './placeholders.ts'
import { type Recorder, recorder } from './recorder.ts'
import { agentsIn, isHealthy, named } from './registry.ts'

/** An agent as mesh.yml describes it. */
export type AgentSpec = MeshConfig['integration']['agents'][number]

/** An agent that is registered, and what it asks of its registry. */
export interface Agent extends AsyncDisposable {
  readonly spec: AgentSpec
  readonly service: Service
  readonly requests: Recorder['requests']
}

const AGENT_GRACE_MS = 5_000

/**
 * Starts an agent on a registry and waits until every name that it registers is there, healthy and with capabilities.
 * Rejects with a ServiceFailure when it is not; `asked` has then what it asked of the registry.
 */
export async function startAgent(
  spec: AgentSpec,
  registry: string,
  mesh: Mesh,
  options: {
    readonly label: string
    readonly timeoutMs: number
    /** Aborted also when its registry has ended: there is nothing to wait for then. */
    readonly signal: AbortSignal
    readonly asked?: (requests: Recorder['requests']) => void
  },
): Promise<Agent> {
  const between = await recorder(registry)
  options.asked?.(between.requests)
  try {
    const service = await startService(
      {
        name: options.label,
        command: ({ host, port }) => ({
          argv: fill(spec.run, mesh, { port, url: between.url }),
          cwd: mesh.project.directory,
          env: { HOST: host, PORT: String(port), MCP_MESH_REGISTRY_URL: between.url, ...spec.env },
        }),
        port: 'free',
        readiness: answersJson(`${registry}/agents`, (document) => missing(spec.registers, document), {
          sign: between.registered,
        }),
        timeoutMs: options.timeoutMs,
        graceMs: AGENT_GRACE_MS,
        temporary: join(mesh.temporary, options.label),
      },
      { ...mesh.surroundings, signal: options.signal },
    )
    return {
      spec,
      service,
      requests: between.requests,
      async [Symbol.asyncDispose]() {
        noteLeftovers(options.label, await service.stop(), mesh)
        await between[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    if (error instanceof ServiceFailure) noteLeftovers(options.label, error.stopped, mesh)
    await between[Symbol.asyncDispose]()
    throw error
  }
}

/** What an answer to GET /agents lacks of these names, as a clause; undefined when nothing. */
function missing(names: readonly string[], document: unknown): string | undefined {
  const agents = agentsIn(document)
  if (!agents) return 'answers with no list of agents'
  for (const name of names) {
    const [agent, second] = named(agents, name)
    if (!agent) return `has no agent ${name}`
    if (second) return `has ${name} twice, as ${agent.id} and ${second.id}`
    if (!isHealthy(agent.status)) return `says that ${name} is ${agent.status ?? 'of no status'}`
    if ((agent.capabilities ?? []).length === 0) return `knows no capabilities of ${name}`
  }
  return undefined
}
