import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../process/environment.ts'
import { ending, run, succeeded } from '../process/run.ts'
import type { CacheStore } from '../stages/context.ts'
import type { CacheAnswer, CacheRequest } from './cache-client.ts'
import { ownProcess } from './own-process.ts'

/** The cache service of a runner, or of act; undefined where there is none. */
export function cacheService(environment: Environment): CacheStore | undefined {
  // What the client itself asks for before it calls a service of either generation.
  if (!environment.ACTIONS_CACHE_URL && !environment.ACTIONS_RESULTS_URL) return undefined
  return {
    async restore(folder, key, restoreKeys, signal) {
      return (await ask({ kind: 'restore', folder, key, restoreKeys }, environment, signal)).key
    },
    async save(folder, key, signal) {
      const answer = await ask({ kind: 'save', folder, key }, environment, signal)
      if (answer.key === undefined) throw new Error('the cache service did not take it')
    },
  }
}

/**
 * Lets the client work in a process of its own: it can be ended in the middle of a download or of tar's work, and
 * what it only writes into the log is known here. Throws that, or the signal's reason.
 */
async function ask(
  request: CacheRequest,
  environment: Environment,
  signal: AbortSignal,
): Promise<CacheAnswer> {
  const temporary = await mkdtemp(join(environment.RUNNER_TEMP || tmpdir(), 'mesh-cache-'))
  try {
    const outcome = await run(ownProcess('cacheClient', JSON.stringify(request)), {
      cwd: temporary,
      // The service's address and token are the client's to know. Its archives go when the folder goes.
      env: { ...environment, RUNNER_TEMP: temporary },
      timeoutMs: Number.POSITIVE_INFINITY,
      signal,
      stdout: 'capture',
    })
    const lines = outcome.stdout.split('\n').filter((line) => line !== '')
    const complaint = lines.map(complaintIn).findLast((one) => one !== undefined)
    if (complaint !== undefined) throw new Error(complaint)
    if (!succeeded(outcome))
      throw new Error(outcome.tail.find((line) => /Error/.test(line)) ?? ending(outcome))
    return JSON.parse(lines.at(-1) ?? '{}')
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Why something failed, which the client tells as a workflow command or plainly, and then answers as if all was well. */
function complaintIn(line: string): string | undefined {
  const [, said] = /^(?:::(?:warning|error)::)?Failed to (?:restore|save): (.*)$/.exec(line) ?? []
  return said?.replaceAll(/%0[DA]/gi, ' ').replaceAll('%25', '%')
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
