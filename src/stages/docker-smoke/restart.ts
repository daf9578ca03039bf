import type { Check } from '../../result/stage-result.ts'
import { awaitContainer, type Container, endedInWords, publishedUrl, start, stateOf } from './container.ts'
import { ask, EngineError } from './engine.ts'
import { knows, PROBE, type Probed } from './probe.ts'
import type { Subject } from './subject.ts'

/** How long a container may take to end on its stop signal. */
const STOP_S = 10

/** Stops it as production would, starts it again, and looks whether it still knows what it knew. */
export async function restarted(
  { name, readiness, spec, signal }: Subject,
  { id }: Container,
  port: number,
  probed: Probed,
): Promise<readonly Check[]> {
  const stays = { id: `stays/${name}`, title: `${name} stays up` }
  const stops = { id: `stops/${name}`, title: `${name} ends on its stop signal` }
  const keeps = { id: `keeps/${name}`, title: `${name} keeps its data over a restart` }
  if (!(await stateOf(id, signal)).Running) {
    return [{ ...stays, verdict: 'fail', detail: `it ${await endedInWords(id, signal)}` }]
  }
  const stayed: Check = { ...stays, verdict: 'pass', detail: 'it is up until it is stopped' }
  const askedAt = performance.now()
  await ask(['stop', '-t', String(STOP_S), id], { signal, timeoutMs: (STOP_S + 20) * 1000 })
  const tookMs = performance.now() - askedAt
  const { ExitCode: code } = await stateOf(id, signal)
  const ended: Check =
    code === 0 || code === 143
      ? { ...stops, verdict: 'pass', detail: `exit code ${code}`, measured: { value: tookMs, unit: 'ms' } }
      : {
          ...stops,
          verdict: 'fail',
          detail: code === 137 ? `it had to be killed after ${STOP_S} s` : `exit code ${code}, not 0 or 143`,
        }
  try {
    const container = await start(id, signal)
    const url = await publishedUrl(id, port, signal)
    await awaitContainer(container, readiness, { port, url, timeoutMs: spec.timeout, signal })
    if (probed.kind !== 'registered') {
      return [
        stayed,
        ended,
        { ...keeps, verdict: 'skipped', detail: `no agent could be registered: ${probed.why}` },
      ]
    }
    const kept = await knows(url, signal)
    if (kept === true)
      return [stayed, ended, { ...keeps, verdict: 'pass', detail: `${PROBE} is still there` }]
    return [stayed, ended, { ...keeps, verdict: 'fail', detail: kept || `it has forgotten ${PROBE}` }]
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return [stayed, ended, { ...keeps, verdict: 'fail', detail: `started again, ${error.message}` }]
  }
}
