import type { Agent } from '../../mesh/agent.ts'
import { withLastLine } from '../../mesh/last-line.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { allEnded } from '../../process/all-ended.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import type { Check } from '../../result/stage-result.ts'
import { type CallSpec, callTool } from './calls.ts'
import { decays, keepsAlive, lookUp } from './heartbeat.ts'
import { type AgentsOptions, register } from './register.ts'

/**
 * Runs the project's agents on a registry: they register, their heartbeats arrive, their tools answer, and one that is
 * killed is noticed. What needs an agent that did not register is not asked.
 */
export async function checkAgents(mesh: Mesh, options: AgentsOptions): Promise<readonly Check[]> {
  const { agents: specs, calls } = mesh.project.config.integration
  const running = new Map<string, Agent>()
  try {
    const registered = await allEnded(
      specs.map(async (spec) => {
        const { check, agent } = await register(spec, mesh, options)
        if (agent) running.set(spec.name, agent)
        return check
      }),
    )
    const able = new Set(running.keys())
    const beats = new Map([...running.values()].map((agent) => [agent.spec.name, heartbeats(agent, options)]))
    const [alive, called] = await allEnded([
      allEnded([...beats.values()]),
      checkCalls(calls, { running, able, beats, mesh, options }),
    ])
    const noticed = await allEnded([...running.values()].map((agent) => killed(agent, options)))
    return [...registered, ...alive.flat(), ...called, ...noticed.flat()]
  } finally {
    await allEnded([...running.values()].map((agent) => agent[Symbol.asyncDispose]()))
  }
}

interface Callers {
  /** The agents that are up, by their name in mesh.yml. */
  readonly running: Map<string, Agent>
  /** Those that registered at first. */
  readonly able: ReadonlySet<string>
  /** The checks of their heartbeats, some still under way. */
  readonly beats: ReadonlyMap<string, Promise<readonly Check[]>>
  readonly mesh: Mesh
  readonly options: AgentsOptions
}

/**
 * Makes the calls one after the other, those to the whole mesh first: they need not wait for heartbeats. One that stops
 * an agent waits until that agent's heartbeat was seen.
 */
async function checkCalls(calls: readonly CallSpec[], callers: Callers): Promise<readonly Check[]> {
  const numbered = calls.map((call, index) => ({ call, index }))
  const ordered = [
    ...numbered.filter(({ call }) => call.stopped.length === 0),
    ...numbered.filter(({ call }) => call.stopped.length > 0),
  ]
  const checks: Check[] = []
  for (const { call, index } of ordered) {
    await Promise.all(call.stopped.map((name) => callers.beats.get(name)))
    checks.push(await checkCall(call, index, callers))
  }
  return checks
}

async function heartbeats(agent: Agent, options: AgentsOptions): Promise<readonly Check[]> {
  return allEnded(
    agent.spec.registers.map(async (name): Promise<Check> => {
      const watch = { agent, name, ...options }
      return {
        id: `heartbeat/${options.deployment}/${name}`,
        title: `heartbeats keep ${name} alive on the ${options.deployment} registry`,
        ...(await orEnded(agent, (signal) => keepsAlive({ ...watch, signal }))),
      }
    }),
  )
}

async function killed(agent: Agent, options: AgentsOptions): Promise<readonly Check[]> {
  const watches = agent.spec.registers.map((name) => ({ agent, name, ...options }))
  const before = await allEnded(watches.map((watch) => lookUp(watch)))
  const killedAt = performance.now()
  await agent.service.stop({ graceMs: 0 })
  return allEnded(
    watches.map(async (watch, index): Promise<Check> => {
      const known = before[index] ?? 'it was not registered'
      return {
        id: `decay/${options.deployment}/${watch.name}`,
        title: `the ${options.deployment} registry notices that ${watch.name} was killed`,
        ...(typeof known === 'string'
          ? { verdict: 'fail', detail: known }
          : await decays(watch, killedAt, known)),
      }
    }),
  )
}

/** Runs a call with just those agents up that it wants; those that are missing are started again. */
async function checkCall(
  call: CallSpec,
  index: number,
  { running, able, mesh, options }: Callers,
): Promise<Check> {
  const without = call.stopped.length > 0 ? ` without ${call.stopped.join(', ')}` : ''
  const check = {
    id: `call/${options.deployment}/${index + 1}`,
    title: `${call.tool} of ${call.agent} answers through the ${options.deployment} registry${without}`,
  }
  const needed = mesh.project.config.integration.agents.filter(({ name }) => !call.stopped.includes(name))
  const absent = needed.find(({ name }) => !able.has(name))
  if (absent) return { ...check, verdict: 'skipped', detail: `${absent.name} did not register` }
  for (const name of call.stopped) {
    await running.get(name)?.[Symbol.asyncDispose]()
    running.delete(name)
  }
  for (const spec of needed) {
    if (running.has(spec.name)) continue
    const { agent, check: again } = await register(spec, mesh, options)
    if (!agent) return { ...check, verdict: 'fail', detail: `${spec.name}, started again, ${again.detail}` }
    running.set(spec.name, agent)
  }
  const agent = running.get(call.agent)
  if (!agent) return { ...check, verdict: 'fail', detail: notThere(call) }
  return { ...check, ...(await orEnded(agent, (signal) => callTool(call, agent, { ...options, signal }))) }
}

function notThere({ agent, stopped }: CallSpec): string {
  return stopped.includes(agent)
    ? `${agent} is called while it is among those stopped`
    : `integration.agents has no ${agent}`
}

/** What work with an agent finds, or that the agent ended meanwhile. */
async function orEnded(
  agent: Agent,
  work: (signal: AbortSignal) => Promise<Pick<Check, 'verdict'> & Partial<Check>>,
): Promise<Pick<Check, 'verdict'> & Partial<Check>> {
  try {
    return await agent.service.during(work)
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    return { verdict: 'fail', detail: withLastLine(error.message, error.tail) }
  }
}
