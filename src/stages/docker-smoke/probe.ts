import { listAgents } from '../../mesh/registry.ts'
import { ask as get } from '../../process/services/ask.ts'

/** The agent that a registry is asked to keep. */
export const PROBE = 'mesh-actions-probe'
const PROBE_MS = 5_000

/** What came of registering the probe with a server. */
export type Probed =
  | { readonly kind: 'registered' }
  /** It is a registry, but could not keep the agent, in words. */
  | { readonly kind: 'failed'; readonly why: string }
  /** It is no registry, or asks more of an agent than the probe has. */
  | { readonly kind: 'not-asked'; readonly why: string }

/** Registers an agent, where the server is a registry. */
export async function probe(url: string, signal: AbortSignal): Promise<Probed> {
  const before = await listAgents(url, signal)
  if (typeof before === 'string') return { kind: 'not-asked', why: 'it is no registry' }
  const answer = await get(`${url}/agents/register`, {
    method: 'POST',
    body: JSON.stringify({ name: PROBE, capabilities: ['probe'], health_interval: 3600 }),
    limitMs: PROBE_MS,
    signal,
  })
  signal.throwIfAborted()
  if (answer.kind !== 'answered') {
    // A connection that broke off is of a server that is gone, which is another check's to say.
    const kind = answer.kind === 'mute' && answer.why.startsWith('no answer in') ? 'failed' : 'not-asked'
    return { kind, why: 'POST /agents/register got no answer' }
  }
  const said = `POST /agents/register answers ${answer.status}`
  if (answer.status >= 500) return { kind: 'failed', why: `${said}: ${answer.body.trim().slice(0, 200)}` }
  if (answer.status >= 400) return { kind: 'not-asked', why: said }
  return (await knows(url, signal)) === true
    ? { kind: 'registered' }
    : { kind: 'not-asked', why: 'it does not list the agent that registered' }
}

/** Whether a registry lists the probe; in words when it cannot be asked. */
export async function knows(url: string, signal: AbortSignal): Promise<boolean | string> {
  const agents = await listAgents(url, signal)
  return typeof agents === 'string' ? agents : agents.some(({ name }) => name === PROBE)
}
