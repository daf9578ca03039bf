import { existsSync } from 'node:fs'
import type { Artifacts } from '../../src/platform/artifacts/artifacts.ts'
import { type Action, type ActionContext, action, input, output } from '../../src/platform/declare.ts'
import type { Runner } from '../../src/platform/runner.ts'
import { judge } from '../../src/result/judge.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import type { Verdict } from '../../src/result/verdict.ts'
import type { StageContext } from '../../src/stages/context.ts'
import { shownLog } from './logs.ts'

const INPUTS = {
  tags: input.list('Build tags', { overrides: ['go', 'tags'] }),
  platforms: input.list('Platforms', { overrides: ['go', 'platforms'] }),
  reproducible: input.flag('Twice', { default: 'false' }),
}

/** A stage of one check that comes to the given verdict. */
export function resultOf(
  verdict: Verdict,
  context: { readonly stage: StageContext },
  shard?: string,
): StageResult {
  return judge({
    stage: 'cross-compile-go',
    shard,
    attempt: context.stage.attempt,
    commit: context.stage.commit,
    startedAt: new Date(0),
    endedAt: new Date(1),
    checks: [{ id: 'built', title: 'it builds', verdict, detail: 'as told' }],
    required: ['built'],
    tools: {},
    data: null,
  })
}

type Work = (context: ActionContext<typeof INPUTS>) => Promise<{
  readonly result?: StageResult
  readonly files?: readonly string[]
}>

/** A tiny action of cross-compile-go, or of no stage, around the given work. */
export function tinyAction(work: Work, stage: 'cross-compile-go' | undefined = 'cross-compile-go'): Action {
  const declared = action({
    ...(stage ? { stage } : {}),
    title: 'Tiny',
    description: 'For tests',
    inputs: INPUTS,
    outputs: { tags: output.json('Build tags') },
    run: async (context) => ({ ...(await work(context)), outputs: { tags: context.project.config.go.tags } }),
  })
  return declared as unknown as Action
}

interface Upload {
  readonly name: string
  readonly files: readonly string[]
  readonly root: string
  /** Whether every file was there at that moment. */
  readonly complete: boolean
}

/** A machine without tools and caches of its own. */
export const BARE_PLACE = {
  workspace: '/nowhere',
  toolCache: undefined,
  userCache: '/nowhere',
  caches: undefined,
  savesCaches: false,
  repository: undefined,
  commit: undefined,
} as const

/** A place to run in that only remembers what it was asked. */
export function rememberingRunner(workspace: string, temporary: string) {
  const uploads: Upload[] = []
  const shows: { result: StageResult; project: string }[] = []
  const { log, shown } = shownLog()
  const artifacts: Artifacts = {
    upload: async (name, files, root) => {
      uploads.push({ name, files, root, complete: files.every((file) => existsSync(file)) })
      return true
    },
    list: async () => uploads.map(({ name }) => name),
    download: async () => undefined,
  }
  const runner: Runner = {
    ...BARE_PLACE,
    log,
    workspace,
    temporary,
    attempt: 2,
    job: undefined,
    commit: 'c0ffee',
    artifacts: () => artifacts,
    show: async (result, project) => {
      shows.push({ result, project: project.directory })
    },
    summarise: async () => undefined,
    mask: () => undefined,
  }
  return { runner, uploads, shows, shown }
}
