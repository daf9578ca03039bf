import type { Project } from '../../project/load.ts'
import { judge } from '../../result/judge.ts'
import type { StageResult } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import type { Change } from './guard/compare.ts'
import { guard } from './guard/index.ts'

export interface ValidateOptions {
  /** Only compares files; needs no Python. */
  readonly guardOnly: boolean
  /** The commit that the change under test started from; default the first parent of a merge. */
  readonly base?: string | undefined
}

export interface ValidateData {
  /** Every change since the baseline, those that are allowed included. */
  readonly changes: readonly Change[]
}

/** Whether the Python reference is there, unchanged where it must be, and works. */
export async function validateReference(
  project: Project,
  options: ValidateOptions,
  context: StageContext,
): Promise<StageResult<ValidateData>> {
  const startedAt = context.now()
  const guarded = await guard(project, options.base, context)
  return judge({
    stage: 'validate-python-ref',
    attempt: context.attempt,
    commit: context.commit,
    startedAt,
    endedAt: context.now(),
    checks: [...guarded.checks, ...guarded.exceptions.checks(!options.guardOnly)],
    required: ['baseline', 'preserved'],
    tools: {},
    data: { changes: guarded.changes },
  })
}
