import { listeners, whoAnswers } from '../../../src/process/services/listeners.ts'
import { isFree } from '../../../src/process/services/ports.ts'
import { readOr } from '../leftovers.ts'

/** The ports of a run that are not free again, each in words; they are named in the merged log of its services. */
export async function portsHeld({
  log,
  trace,
}: {
  readonly log: string
  readonly trace: string
}): Promise<readonly string[]> {
  const ports = [...readOr(log).matchAll(/ = starts for 127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
  const held = await Promise.all(
    ports.map(async (port) => ((await isFree(port)) || isOfAnother(port, trace) ? [] : [`port ${port}`])),
  )
  return held.flat()
}

/** Whether a service of another stage listens there: ports are given out again, to other jobs on this machine too. */
function isOfAnother(port: number, trace: string): boolean {
  const answering = whoAnswers(port, listeners([]))
  const pid = typeof answering === 'object' ? /\((\d+)\)/.exec(answering.holder)?.[1] : undefined
  const environment = pid === undefined ? '' : readOr(`/proc/${pid}/environ`)
  return environment.includes('MESH_ACTIONS_') && !environment.includes(trace)
}
