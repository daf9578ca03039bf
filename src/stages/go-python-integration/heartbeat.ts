import type { Agent } from '../../mesh/agent.ts'
import { isRefused, isRegistration } from '../../mesh/recorder.ts'
import { isHealthy, listAgents, named, type RegisteredAgent } from '../../mesh/registry.ts'
import { pause } from '../../process/services/pause.ts'
import type { Check } from '../../result/stage-result.ts'
import { formatDuration } from '../../result/units.ts'

/** How often the registry is asked; far below any interval of heartbeats. */
const POLL_MS = 50
/** What a heartbeat may be late by. */
const SLACK_MS = 2_000

type Judgement = Pick<Check, 'verdict'> & Partial<Check>

/** What is asked of an agent while it runs. */
export interface Watch {
  readonly agent: Agent
  /** The name that it registered under. */
  readonly name: string
  readonly registry: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Whether heartbeats arrive: the last-seen time moves without a registration, and while it is recent the agent is
 * healthy.
 */
export async function keepsAlive(watch: Watch): Promise<Judgement> {
  const { agent, name, timeoutMs } = watch
  await untilRegistered(watch)
  const asked = agent.requests.length
  const first = await lookUp(watch)
  if (typeof first === 'string') return { verdict: 'fail', detail: first }
  if (first.last_seen === undefined) {
    const detail = `the registry does not say when it last saw ${name}: ${lacks('last_seen')}`
    return { verdict: 'inconclusive', detail }
  }
  const interval = first.health_interval === undefined ? undefined : seconds(first.health_interval)
  if (interval !== undefined && interval + SLACK_MS > timeoutMs) return tooLong(interval)
  const startedAt = performance.now()
  for (;;) {
    await pause(POLL_MS, watch.signal)
    watch.signal.throwIfAborted()
    const elapsed = performance.now() - startedAt
    const now = await lookUp(watch)
    if (typeof now === 'string') return { verdict: 'fail', detail: now }
    const early = degradedTooEarly(now)
    if (early !== undefined) return { verdict: 'fail', detail: early }
    const since = agent.requests.slice(asked)
    const again = since.find(isRegistration)
    // What becomes of it says more.
    if (again?.status === 'awaited' && elapsed < timeoutMs) continue
    if (again) {
      const refused = since.find((one) => !isRegistration(one) && isRefused(one))
      const why = refused
        ? `after ${refused.method} ${refused.path} got ${refused.status === 'none' ? 'no answer' : refused.status}`
        : 'where it should send a heartbeat'
      return {
        verdict: 'fail',
        detail: `${name} registers again (${again.method} ${again.path}) ${why}`,
      }
    }
    if (now.last_seen !== first.last_seen) {
      return {
        verdict: 'pass',
        detail: `last seen again after ${formatDuration(elapsed)}`,
        measured: { value: elapsed, unit: 'ms' },
      }
    }
    const unmoved = `its last-seen time has not moved in ${formatDuration(elapsed)}`
    if (interval !== undefined && elapsed > interval + SLACK_MS) return { verdict: 'fail', detail: unmoved }
    if (elapsed > timeoutMs) {
      const detail = `${unmoved}; the registry does not say when it should: ${lacks('health_interval')}`
      return { verdict: 'inconclusive', detail }
    }
  }
}

/**
 * Whether the registry marks an agent that was just killed as degraded: within the time that it declared for it, and
 * not before, since then heartbeats would not keep anybody alive.
 */
export async function decays(watch: Watch, killedAt: number, before: RegisteredAgent): Promise<Judgement> {
  const { name, timeoutMs } = watch
  if (before.degraded_after === undefined) {
    const detail = `the registry does not say when it would: ${lacks('degraded_after')}`
    return { verdict: 'skipped', detail }
  }
  const limit = seconds(before.degraded_after)
  if (limit + SLACK_MS > timeoutMs) return tooLong(limit)
  for (;;) {
    const agents = await listAgents(watch.registry, watch.signal)
    if (typeof agents === 'string') return { verdict: 'fail', detail: agents }
    const [now] = named(agents, name)
    const elapsed = performance.now() - killedAt
    const early = now && degradedTooEarly(now)
    if (early !== undefined) return { verdict: 'fail', detail: early }
    if (!now || !isHealthy(now.status)) {
      return {
        verdict: 'pass',
        detail: `${now ? now.status : 'forgotten'} after ${formatDuration(elapsed)}`,
        measured: { value: elapsed, unit: 'ms' },
        limit: { kind: 'at-most', value: limit + SLACK_MS, unit: 'ms' },
      }
    }
    if (elapsed > limit + SLACK_MS) {
      return {
        verdict: 'fail',
        detail: `${name} was killed ${formatDuration(elapsed)} ago and is still ${now.status}; its registry declares ${formatDuration(limit)}`,
      }
    }
    await pause(POLL_MS, watch.signal)
    watch.signal.throwIfAborted()
  }
}

/** Which field a registry would have to tell. */
function lacks(field: keyof RegisteredAgent & string): string {
  return `GET /agents has no ${field} for it`
}

/** The agent is known before its registration is answered, and what comes of one that is under way is no heartbeat. */
async function untilRegistered({ agent, timeoutMs, signal }: Watch): Promise<void> {
  const until = performance.now() + timeoutMs
  const isUnderWay = () => agent.requests.some((one) => isRegistration(one) && one.status === 'awaited')
  while (isUnderWay() && performance.now() < until) {
    await pause(POLL_MS, signal)
    signal.throwIfAborted()
  }
}

function tooLong(neededMs: number): Judgement {
  return {
    verdict: 'skipped',
    detail: `it would take ${formatDuration(neededMs)}, more than the time limit leaves`,
  }
}

/** Registry and stage read one clock, and the registry's answer was made before it is read. */
const CLOCK_MS = 50

/**
 * What is wrong with an agent that the registry has seen and calls degraded all the same, as a clause. It goes by the
 * registry's own times: an agent that a busy machine kept waiting is rightly called degraded.
 */
export function degradedTooEarly({
  name,
  status,
  last_seen: lastSeen,
  degraded_after: after,
}: RegisteredAgent): string | undefined {
  if (isHealthy(status) || after === undefined || typeof lastSeen !== 'string') return undefined
  const agoMs = Date.now() - Date.parse(lastSeen)
  if (Number.isNaN(agoMs) || agoMs + CLOCK_MS >= seconds(after)) return undefined
  return `${name} is ${status} ${formatDuration(agoMs)} after its last heartbeat, though its registry declares ${formatDuration(seconds(after))}`
}

/** An agent in the registry, or why it is not to be found there. */
export async function lookUp({ registry, name, signal }: Watch): Promise<RegisteredAgent | string> {
  const agents = await listAgents(registry, signal)
  if (typeof agents === 'string') return agents
  const [agent, second] = named(agents, name)
  if (second) return `the registry has ${name} twice, as ${agent?.id} and ${second.id}`
  return agent ?? `the registry has lost ${name}`
}

function seconds(value: number | undefined): number {
  return (value ?? 0) * 1000
}
