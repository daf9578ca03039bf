import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Environment } from '../../process/environment.ts'

/**
 * What the jobs of one run of act share and no other run has, as a name for a folder; undefined when nothing tells.
 * act calls every run 1, so its id does not. Its cache server's URL holds a token made for the run; without that
 * server the act process itself is the mark, which only steps on the host can see.
 */
export function actRun(environment: Environment, commit: string): string | undefined {
  const { ACTIONS_CACHE_URL, GITHUB_RUN_ID, GITHUB_REPOSITORY } = environment
  const mark = ACTIONS_CACHE_URL || (GITHUB_RUN_ID !== '1' && GITHUB_RUN_ID) || actProcess()
  if (!mark) return undefined
  const key = [mark, GITHUB_REPOSITORY, commit].join('\n')
  return createHash('sha256').update(key).digest('hex').slice(0, 20)
}

/** Process id and start time of the act that is an ancestor of this process; only where there is /proc. */
function actProcess(): string | undefined {
  let pid = process.ppid
  while (pid > 1) {
    const stat = readOr(`/proc/${pid}/stat`)
    // Name in parentheses, which may hold anything; then state, parent, ... and as the 22nd field the start time.
    const match = /^\d+ \((.*)\) (.*)$/s.exec(stat)
    if (!match) return undefined
    const fields = (match[2] ?? '').split(' ')
    if (match[1] === 'act') return `${pid} ${fields[19]}`
    pid = Number(fields[1])
  }
  return undefined
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
