import { readdirSync, readFileSync } from 'node:fs'
import { listeners, whoAnswers } from '../../src/process/services/listeners.ts'
import { isFree } from '../../src/process/services/ports.ts'

/** What may be left in a folder for temporary files: Node keeps the compiled code of tools there. */
const KEPT = new Set(['node-compile-cache'])

/** What a run left, each in words: processes with `trace` in their environment, temporary files, ports. */
export async function leftoversOf(run: {
  readonly trace: string
  readonly temporary: string
  /** The merged log of its services, which names their ports. */
  readonly log: string
}): Promise<readonly string[]> {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOr(`/proc/${pid}/environ`).includes(run.trace) && !isZombie(pid))
    .map((pid) => `process ${pid}: ${readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`)
  const files = readdirSync(run.temporary).filter((name) => !KEPT.has(name))
  const ports = [...readOr(run.log).matchAll(/ = starts for 127\.0\.0\.1:(\d+)/g)].map(([, port]) =>
    Number(port),
  )
  const held = await Promise.all(
    ports.map(async (port) => ((await isFree(port)) || isOfAnother(port, run.trace) ? [] : [`port ${port}`])),
  )
  return [...processes, ...files.map((name) => `file ${name}`), ...held.flat()]
}

/** Whether a service of another stage listens there: ports are given out again, to other jobs on this machine too. */
function isOfAnother(port: number, trace: string): boolean {
  const answering = whoAnswers(port, listeners([]))
  const pid = typeof answering === 'object' ? /\((\d+)\)/.exec(answering.holder)?.[1] : undefined
  const environment = pid === undefined ? '' : readOr(`/proc/${pid}/environ`)
  return environment.includes('MESH_ACTIONS_') && !environment.includes(trace)
}

function isZombie(pid: string): boolean {
  return / \(.*\) Z /s.test(` ${readOr(`/proc/${pid}/stat`).replace(/^\d+/, '')}`)
}

/** Processes come and go, and those of other users cannot be read. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
