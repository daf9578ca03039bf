import { readFileSync } from 'node:fs'
import type { Environment } from '../process/environment.ts'
import type { CacheStore } from '../stages/context.ts'

/** A request of a restore that hangs is given up after this long. */
const SEGMENT_LIMIT_MS = 30_000

/** The cache service of a runner, or of act; undefined where there is none. */
export function cacheService(environment: Environment): CacheStore | undefined {
  // What the client itself asks for before it calls a service of either generation.
  if (!environment.ACTIONS_CACHE_URL && !environment.ACTIONS_RESULTS_URL) return undefined
  return {
    async restore(folder, key, restoreKeys) {
      const { restoreCache } = await client()
      return restoreCache([folder], key, [...restoreKeys], { segmentTimeoutInMs: SEGMENT_LIMIT_MS })
    },
    async save(folder, key) {
      const { saveCache } = await client()
      // The client tells most failures only in the log, with this number.
      if ((await saveCache([folder], key)) === -1) throw new Error('the cache service did not take it')
    },
  }
}

/**
 * Whether this run is one whose caches others may read: on the default branch, not of a pull request or a merge
 * group. What a pull request saves is seen by that pull request alone and only takes room.
 */
export function isDefaultBranch(environment: Environment): boolean {
  const { GITHUB_EVENT_NAME, GITHUB_REF } = environment
  if (GITHUB_EVENT_NAME === undefined || /^(pull_request|merge_group)/.test(GITHUB_EVENT_NAME)) return false
  const branch = defaultBranch(environment)
  return branch === undefined
    ? /^refs\/heads\/(main|master)$/.test(GITHUB_REF ?? '')
    : GITHUB_REF === `refs/heads/${branch}`
}

/** As the event says it; act's events do not. */
function defaultBranch({ GITHUB_EVENT_PATH }: Environment): string | undefined {
  try {
    return JSON.parse(readFileSync(GITHUB_EVENT_PATH ?? '', 'utf8')).repository?.default_branch
  } catch {
    return undefined
  }
}

/** Loaded where it is used: the client takes longer to start than most actions. */
async function client() {
  return import('@actions/cache')
}
