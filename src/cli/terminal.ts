import { tmpdir } from 'node:os'
import { noArtifacts } from '../platform/artifacts/none.ts'
import type { Runner } from '../platform/runner.ts'
import { userCache } from '../platform/user-cache.ts'
import type { Log } from '../process/log.ts'

/** A terminal: nothing travels between jobs, and what a stage found is shown when all are done. */
export function terminalRunner(log: Log): Runner {
  return {
    log,
    workspace: process.cwd(),
    temporary: tmpdir(),
    toolCache: undefined,
    userCache: userCache(process.env),
    // What is cached on the machine itself stays there.
    caches: undefined,
    savesCaches: false,
    attempt: 1,
    job: undefined,
    repository: undefined,
    commit: undefined,
    artifacts: () => noArtifacts('there are no other jobs in a terminal', log.warn),
    show: async () => undefined,
    summarise: async () => undefined,
    mask: () => undefined,
  }
}
