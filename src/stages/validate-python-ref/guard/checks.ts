import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { type Base, narrowed } from './base.ts'
import type { Baseline } from './baseline-file.ts'
import { type Change, isWithin } from './compare.ts'
import type { Exceptions } from './exceptions.ts'

/** The red check that a change is; undefined for one that is allowed. `hidden`: the base's commit, whose baseline tells. */
export function judgeChange(
  change: Change,
  project: Project,
  excuse: Exceptions['excuse'],
  hidden: string | undefined,
): Check | undefined {
  const { kind, path } = change
  if (kind === 'added') return undefined
  if (kind === 'modified' && !project.config.preserve.frozen.some((one) => isWithin(path, one)))
    return undefined
  if (excuse(path, kind === 'shadowed' ? 'modified' : kind)) return undefined
  return {
    id: `preserved/${path}`,
    title: `${path} is kept`,
    verdict: 'fail',
    detail: `${describe(change)}${hidden ? `, and mesh.baseline does not say so any more (it did in ${hidden.slice(0, 7)})` : ''}`,
    fix: `restore it, or agree on it: preserve.exceptions with change: ${kind === 'shadowed' ? 'modified' : kind}`,
    location: { file: path },
  }
}

function describe(change: Exclude<Change, { kind: 'added' }>): string {
  switch (change.kind) {
    case 'deleted':
      return 'it was deleted'
    case 'moved':
      return change.to === change.path ? 'git does not track it any more' : `it was moved to ${change.to}`
    case 'shadowed':
      return `${change.by} takes its place`
    case 'emptied':
      return 'no code is left in it'
    case 'modified':
      return 'it is frozen and was changed'
    case 'mode':
      return `it was ${change.from} and is ${change.now}`
    default:
      return change satisfies never
  }
}

export function baselineCheck(project: Project, own: Baseline | undefined): Check {
  const { baseline, paths, frozen } = project.config.preserve
  const check = { id: 'baseline', title: 'there is a baseline to hold the reference to' }
  if (!own) {
    return {
      ...check,
      verdict: 'inconclusive',
      detail: `there is no ${baseline}`,
      fix: 'write it and commit it: mesh-actions baseline',
    }
  }
  const unnamed = [...paths, ...frozen].filter((root) => !own.files.some(({ path }) => isWithin(path, root)))
  if (unnamed.length > 0) {
    return {
      ...check,
      verdict: 'inconclusive',
      detail: `${baseline} names no file under ${unnamed.join(', ')}`,
      fix: 'write it anew: mesh-actions baseline',
    }
  }
  return { ...check, verdict: 'pass', detail: `${own.files.length} files` }
}

/** For each preserved path how much changed that may; what may not has checks of its own. */
export function preservedChecks(
  project: Project,
  changes: readonly Change[],
  red: readonly Check[],
): readonly Check[] {
  return project.config.preserve.paths
    .filter((root) => !red.some(({ id }) => isWithin(id.slice('preserved/'.length), root)))
    .map((root): Check => {
      const here = changes.filter(({ path }) => isWithin(path, root))
      const count = (kind: Change['kind']) => here.filter((change) => change.kind === kind).length
      const counts = (['modified', 'added', 'moved', 'deleted', 'emptied', 'mode'] as const)
        .filter((kind) => count(kind) > 0)
        .map((kind) => `${count(kind)} ${kind === 'mode' ? 'of another mode' : kind}`)
      return {
        id: `preserved/${root}`,
        title: `${root} is kept`,
        verdict: 'pass',
        detail: counts.length > 0 ? counts.join(', ') : 'nothing has changed',
      }
    })
}

export function baseChecks(
  project: Project,
  base: Base | undefined,
  exceptions: Exceptions,
): readonly Check[] {
  const check = { id: 'base', title: 'the change does not make the guard smaller' }
  if (!base) {
    return [
      {
        ...check,
        verdict: 'skipped',
        detail: 'not checked: the base of the change is not at hand',
        fix: 'check pull requests out with fetch-depth: 2, or name it with the input base',
      },
    ]
  }
  const commit = base.commit.slice(0, 7)
  const reds = narrowed(project, base, exceptions)
  const unread = [base.baseline, base.preserve].find((one) => one !== undefined && 'broken' in one)
  if (unread && 'broken' in unread) {
    const detail = `not held against ${commit}, where something cannot be read: ${unread.broken}`
    return [...reds, { ...check, verdict: 'skipped', detail }]
  }
  if (reds.length > 0) return reds
  if (base.baseline === undefined) {
    const detail = `${commit} has no ${project.config.preserve.baseline}: lines that were dropped were not looked for`
    return [{ ...check, verdict: 'skipped', detail }]
  }
  return [{ ...check, verdict: 'pass', detail: `held against ${commit}` }]
}
