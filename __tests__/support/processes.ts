import { readFileSync } from 'node:fs'

/** Whether a process is there; one that has ended but was not collected yet (a zombie) counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
  return !isZombie(pid)
}

/** Waits until none of these processes is there; false when one still is after the time. */
export async function areGone(pids: readonly number[], withinMs = 2_000): Promise<boolean> {
  const until = performance.now() + withinMs
  while (pids.some(isAlive)) {
    if (performance.now() > until) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}

function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // No /proc here, or gone in this moment.
    return false
  }
}
