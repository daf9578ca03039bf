import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import * as core from '@actions/core'
import type { Environment } from '../process/environment.ts'
import { describe } from '../result/judge.ts'
import { stageSummary } from '../result/markdown.ts'
import type { Check } from '../result/stage-result.ts'
import { isOpen } from '../result/verdict.ts'
import { actRun } from './artifacts/act-run.ts'
import type { Artifacts } from './artifacts/artifacts.ts'
import { folderArtifacts } from './artifacts/folder.ts'
import { noArtifacts } from './artifacts/none.ts'
import { serviceArtifacts } from './artifacts/service.ts'
import { cacheService, isDefaultBranch } from './cache-service.ts'
import { groupedLog } from './grouped-log.ts'
import { inRepository, localCommandIn } from './local-command.ts'
import type { Runner } from './runner.ts'
import { userCache } from './user-cache.ts'

/** A runner shows ten annotations of a kind for each step and drops the rest. */
const MOST_ANNOTATIONS = 10

/** A step of a workflow, on GitHub or under act. */
export function githubRunner(environment: Environment): Runner {
  const workspace = environment.GITHUB_WORKSPACE || process.cwd()
  const attempt = Number(environment.GITHUB_RUN_ATTEMPT) || 1
  const summarise = async (markdown: string) => {
    if (environment.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown).write()
  }
  return {
    // The runner can neither nest nor mix groups.
    log: groupedLog({
      line: (line) => core.info(harmless(line)),
      warn: core.warning,
      open: (title) => core.startGroup(harmless(title)),
      close: core.endGroup,
    }),
    workspace,
    temporary: environment.RUNNER_TEMP || tmpdir(),
    toolCache: environment.RUNNER_TOOL_CACHE || undefined,
    userCache: userCache(environment),
    caches: cacheService(environment),
    savesCaches: isDefaultBranch(environment),
    attempt,
    job: environment.GITHUB_JOB || undefined,
    repository: environment.GITHUB_REPOSITORY || undefined,
    commit: environment.GITHUB_SHA || undefined,
    artifacts: (commit) => artifactsOf(environment, attempt, commit),
    async show(result, { directory, file }, details) {
      const folder = inRepository(workspace, directory)
      annotate(result.checks, folder)
      await summarise(stageSummary(result, localCommandIn({ folder, file }, result.stage), details))
    },
    summarise,
    mask: core.setSecret,
  }
}

/** The suite's own lines may hold words of mesh.yml, which must not bring a command of their own. */
function harmless(line: string): string {
  return line
    .replace(/[\r\n]+/g, ' ')
    .replace(/^(\s*):(?=:)/, '$1: ')
    .replaceAll('##[', '## [')
}

function artifactsOf(environment: Environment, attempt: number, commit: string): Artifacts {
  if (environment.ACT !== 'true') {
    // The service of GitHub Enterprise Server is of an older generation, which the client refuses.
    const server = new URL(environment.GITHUB_SERVER_URL || 'https://github.com').hostname
    if (server === 'github.com' || server.endsWith('.ghe.com') || server.endsWith('.localhost')) {
      return serviceArtifacts(attempt)
    }
    return noArtifacts('GitHub Enterprise Server has no artifact service of this generation', core.warning)
  }
  // act's artifact server refuses every current client (nektos/act#6021, #6114).
  const run = actRun(environment, commit)
  const tools = environment.RUNNER_TOOL_CACHE
  return run && tools
    ? folderArtifacts(join(tools, 'mesh-actions', 'artifacts'), run)
    : noArtifacts('nothing tells this run of act from others; start act with its cache server', core.warning)
}

function annotate(checks: readonly Check[], folder: string): void {
  const shown = new Set<string>()
  for (const check of checks) {
    if (!isOpen(check.verdict)) continue
    const { location, ...withoutPlace } = check
    // Several checks may be red for one reason at one place.
    const reason = `${location?.file}:${location?.line}:${location ? check.detail : describe(withoutPlace)}`
    if (shown.has(reason) || shown.size === MOST_ANNOTATIONS) continue
    shown.add(reason)
    const show = check.verdict === 'fail' ? core.error : core.warning
    show(describe(withoutPlace), {
      title: check.title,
      ...(location ? { file: posix.join(folder, location.file) } : {}),
      ...(location?.line === undefined ? {} : { startLine: location.line }),
      ...(location?.column === undefined ? {} : { startColumn: location.column }),
    })
  }
}
