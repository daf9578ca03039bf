import { readFile } from 'node:fs/promises'
import { succeeded } from '../../process/run.ts'
import { parseSize } from '../../project/measures.ts'
import { docker } from './engine.ts'

/**
 * The control groups of a container's process, as /proc has them. Undefined where the engine runs on another machine
 * (a virtual one included): there the number is another process's.
 */
export async function groupsHere(id: string, pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux' || pid === 0) return undefined
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  return groups.includes(id) ? groups : undefined
}

/**
 * The memory that a running container holds, in bytes, as its control group counts it, files that could be given back
 * left out. Undefined when it cannot be known.
 */
export async function memoryOf(
  { id, pid }: { readonly id: string; readonly pid: number },
  signal: AbortSignal,
): Promise<number | undefined> {
  const groups = await groupsHere(id, pid)
  return (groups === undefined ? undefined : await memoryOfGroup(groups)) ?? memoryAsTold(id, signal)
}

async function memoryOfGroup(groups: string): Promise<number | undefined> {
  const unified = /^0::(.+)$/m.exec(groups)?.[1]
  const memory = /^\d+:[^:]*\bmemory\b[^:]*:(.+)$/m.exec(groups)?.[1]
  const folder = memory ? `/sys/fs/cgroup/memory${memory}` : `/sys/fs/cgroup${unified}`
  const read = (name: string) => readFile(`${folder}/${name}`, 'utf8').catch(() => undefined)
  const used = Number((await read('memory.current')) ?? (await read('memory.usage_in_bytes')) ?? Number.NaN)
  const inactive = /^(?:total_)?inactive_file (\d+)$/m.exec((await read('memory.stat')) ?? '')?.[1]
  return Number.isNaN(used) ? undefined : Math.max(0, used - Number(inactive ?? 0))
}

/** The same, rounded, from an engine that reads the group on its own machine: `3.4MiB / 512MiB`. */
async function memoryAsTold(id: string, signal: AbortSignal): Promise<number | undefined> {
  const outcome = await docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', id], { signal })
  return succeeded(outcome) ? parseSize(outcome.stdout.split('/')[0] ?? '') : undefined
}
