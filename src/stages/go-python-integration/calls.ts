import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Agent } from '../../mesh/agent.ts'
import { listAgents, named } from '../../mesh/registry.ts'
import { pause } from '../../process/services/pause.ts'
import type { MeshConfig } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'

export type CallSpec = MeshConfig['integration']['calls'][number]

/** Between two calls, while an agent has not yet seen who else came or went. */
const AGAIN_MS = 100
/** How long a mesh may take to notice: longer than agents take to look, shorter than somebody's patience. */
const NOTICE_MS = 15_000
const CALL_MS = 10_000

type Judgement = Pick<Check, 'verdict'> & Partial<Check>

/**
 * Calls a tool of an agent by MCP until its answer contains what it must: agents notice only after a moment who else
 * came or went.
 */
export async function callTool(
  { tool, arguments: given, contains }: CallSpec,
  agent: Agent,
  { registry, timeoutMs, signal }: { registry: string; timeoutMs: number; signal: AbortSignal },
): Promise<Judgement> {
  const endpoint = await endpointOf(agent, registry, signal)
  const startedAt = performance.now()
  const until = startedAt + Math.min(timeoutMs, NOTICE_MS)
  let answers = 0
  for (;;) {
    const answer = await called(endpoint, tool, given, signal)
    answers++
    const elapsed = performance.now() - startedAt
    // What a tool says when it fails is no answer, whatever words it has.
    if (!answer.isError && answer.text?.includes(contains)) {
      return {
        verdict: 'pass',
        detail: `"${shortened(answer.text)}" after ${formatDuration(elapsed)}`,
        measured: { value: elapsed, unit: 'ms' },
      }
    }
    if (performance.now() > until) {
      return {
        verdict: 'fail',
        detail:
          answer.text === undefined
            ? `${endpoint} cannot be called: ${answer.error}`
            : `answered ${answer.isError ? 'with the error ' : ''}"${shortened(answer.text)}" ${answers} times in ${formatDuration(elapsed)}, ${answer.isError ? 'not with' : 'without'} "${contains}"`,
      }
    }
    await pause(AGAIN_MS, signal)
    signal.throwIfAborted()
  }
}

/** Where an agent is called: as it registered, else where it was told to listen. */
async function endpointOf({ spec, service }: Agent, registry: string, signal: AbortSignal): Promise<string> {
  const agents = await listAgents(registry, signal)
  const [name = ''] = spec.registers
  const endpoint = typeof agents === 'string' ? undefined : named(agents, name)[0]?.endpoint
  return endpoint || `${service.url}/mcp`
}

type Called =
  | { readonly text: string; readonly isError: boolean }
  /** Nothing was answered. */
  | { readonly text?: undefined; readonly isError?: undefined; readonly error: string }

async function called(
  endpoint: string,
  tool: string,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Called> {
  const [{ Client }, { StreamableHTTPClientTransport }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
  ])
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)])
  const client = new Client({ name: 'mesh-actions', version: '1' })
  try {
    // Its optional fields are declared so that they may not be undefined, and it has some that are.
    const transport = new StreamableHTTPClientTransport(new URL(endpoint)) as Transport
    await client.connect(transport, { signal: limit })
    const result = await client.callTool({ name: tool, arguments: { ...given } }, undefined, {
      signal: limit,
    })
    const content = Array.isArray(result.content) ? result.content : []
    const text = content.map((one) => (one.type === 'text' ? one.text : JSON.stringify(one))).join('\n')
    return { text, isError: result.isError === true }
  } catch (error) {
    signal.throwIfAborted()
    return { error: rootOf(error) }
  } finally {
    await client.close().catch(() => undefined)
  }
}

/** fetch says only that it failed; why is in its cause. */
function rootOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if ('cause' in error && error.cause !== undefined) return rootOf(error.cause)
  return 'message' in error ? String(error.message) : String(error)
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
