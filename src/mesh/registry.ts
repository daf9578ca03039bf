import { z } from 'zod'
import { ask } from '../process/services/ask.ts'

const REQUEST_MS = 5_000

const agentSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string(),
  status: z.string().optional(),
  endpoint: z.string().optional(),
  capabilities: z.array(z.unknown()).optional(),
  registered_at: z.unknown().optional(),
  last_seen: z.unknown().optional(),
  /** Seconds. */
  health_interval: z.number().optional(),
  degraded_after: z.number().optional(),
})

/** An agent as the registry tells of it: no more is asked of a mesh than what the checks need. */
export type RegisteredAgent = Readonly<z.output<typeof agentSchema>>

const listSchema = z.union([z.object({ agents: z.array(agentSchema) }), z.array(agentSchema)])

/** The agents in an answer to GET /agents; undefined where it is none. */
export function agentsIn(document: unknown): readonly RegisteredAgent[] | undefined {
  const read = listSchema.safeParse(document)
  if (!read.success) return undefined
  return 'agents' in read.data ? read.data.agents : read.data
}

/** What a registry answers to GET /agents: its agents, or what is wrong with the answer, as a clause. */
export async function listAgents(
  registry: string,
  signal: AbortSignal,
): Promise<readonly RegisteredAgent[] | string> {
  const answer = await ask(`${registry}/agents`, { limitMs: REQUEST_MS, signal })
  if (answer.kind === 'refused') return 'GET /agents is refused: nothing listens there'
  if (answer.kind === 'mute') return `GET /agents got no answer: ${answer.why}`
  if (answer.status !== 200) return `GET /agents answers ${answer.status}`
  return agentsIn(parsed(answer.body)) ?? 'GET /agents answers with no list of agents'
}

/** What stands in a text as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The agents that bear a name, or have it as their id. */
export function named(agents: readonly RegisteredAgent[], name: string): readonly RegisteredAgent[] {
  return agents.filter((agent) => agent.name === name || agent.id === name)
}

/** Whether a status, of an agent or of a registry, means that all is well. */
export function isHealthy(status: unknown): boolean {
  return typeof status === 'string' && /^(healthy|ok|up|pass|active|running)$/i.test(status)
}
