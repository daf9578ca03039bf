import { stat } from 'node:fs/promises'
import { posix } from 'node:path'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import type { StageContext } from '../../context.ts'
import { readBase } from './base.ts'
import type { Baseline } from './baseline-file.ts'
import { baseChecks, baselineCheck, judgeChange, preservedChecks } from './checks.ts'
import { type Change, compare, isWithin } from './compare.ts'
import { type Exceptions, readExceptions } from './exceptions.ts'
import type { Repository } from './git.ts'
import { leavingLinks } from './links.ts'
import { readBaseline, readTests, under, withoutCode } from './read.ts'
import { testsKept } from './tests-kept.ts'
import { blobsOf, readTree, type Tree } from './tree.ts'

export interface Guarded {
  readonly checks: readonly Check[]
  /** Whether every folder that the reference lives in is there: nothing else is worth asking where one is not. */
  readonly complete: boolean
  /** Every change since the baseline, those that are allowed included. */
  readonly changes: readonly Change[]
  /** What the reference is held to: the baseline, and that of the base of the change where it is at hand. */
  readonly baselines: readonly Baseline[]
  /** Asked for what else an exception may cover; their own checks come last of all. */
  readonly exceptions: Exceptions
}

/**
 * Holds the tree against mesh.baseline, with neither history nor network. Where the base of the change is at hand, the
 * tree is held against that one's baseline too: what was dropped from the baseline together with its file is red.
 */
export async function guard(
  project: Project,
  base: string | undefined,
  context: StageContext,
): Promise<Guarded> {
  const repository: Repository = { directory: project.directory, signal: context.signal }
  const exceptions = readExceptions(project, context.now())
  const missing = await missingFolders(project)
  const isTold = (path: string) => missing.some((folder) => isWithin(path, folder))
  const [tree, before, own] = await Promise.all([
    readTree(repository),
    readBase(project, base, repository),
    readBaseline(project),
  ])
  const earlier = before && !('broken' in before.preserve) ? before.preserve.paths : []
  const preserved = under(tree.files.values(), [...project.config.preserve.paths, ...earlier])
  const [changes, hidden] = await Promise.all(
    [own, before?.baseline].map((one) => (one ? changesSince(one, project, tree, repository) : [])),
  )
  const judged = new Map<string, Check>()
  for (const [some = [], dropped] of [[changes], [hidden, before?.commit]] as const) {
    for (const change of some) {
      const check = judgeChange(change, project, exceptions, dropped)
      if (check && !judged.has(check.id) && !isTold(change.path)) judged.set(check.id, check)
    }
  }
  const baselines = [own, before?.baseline].filter((one) => one !== undefined)
  const red = [...missing.map(missingCheck), ...judged.values(), ...(await leavingLinks(project, preserved))]
  const tests = await readTests(preserved, repository)
  return {
    checks: [
      ...red.slice(0, SHOWN),
      ...more(red.length - SHOWN),
      baselineCheck(project, own),
      ...(own ? preservedChecks(project, changes ?? [], red) : []),
      ...worstOf(baselines.map((one) => testsKept(one.tests, tests, exceptions))),
      ...baseChecks(project, before),
    ],
    complete: missing.length === 0,
    changes: changes ?? [],
    baselines,
    exceptions,
  }
}

/** Of the same question asked of several baselines, the answer that counts. */
function worstOf(checks: readonly Check[]): readonly Check[] {
  return checks
    .filter(({ verdict }) => verdict === 'fail')
    .concat(checks)
    .slice(0, 1)
}

/** Beyond these the summary would show nothing else. */
const SHOWN = 50

function more(count: number): readonly Check[] {
  if (count <= 0) return []
  return [
    { id: 'preserved-more', title: 'and the rest is kept', verdict: 'fail', detail: `${count} more are not` },
  ]
}

/** What mesh.yml names and is not there as a whole; of one folder in another only the outer one. */
async function missingFolders({ config, resolve }: Project): Promise<readonly string[]> {
  const { preserve, python } = config
  const paths = [
    ...new Set(
      [...preserve.paths, ...python.packages, ...preserve.frozen].map((one) => posix.normalize(one)),
    ),
  ]
  const isThere = await Promise.all(paths.map((path) => stat(resolve(path)).catch(() => undefined)))
  const gone = paths.filter((_, index) => !isThere[index])
  return gone.filter((path) => !gone.some((other) => other !== path && isWithin(path, other)))
}

function missingCheck(path: string): Check {
  return {
    id: `preserved/${path}`,
    title: `${path} is there`,
    verdict: 'fail',
    detail: 'the whole of it is gone',
    fix: 'restore it',
    location: { file: path },
  }
}

async function changesSince(
  baseline: Baseline,
  project: Project,
  tree: Tree,
  repository: Repository,
): Promise<readonly Change[]> {
  const alreadyWithout = new Set(baseline.withoutCode)
  const candidates = baseline.files.filter(({ path, blob }) => {
    const now = tree.files.get(path)
    return now && now.blob !== blob && now.mode.startsWith('100') && !alreadyWithout.has(path)
  })
  const emptied = await withoutCode(candidates, repository)
  const isGone = baseline.files.some(({ path }) => !tree.files.has(path))
  // Most runs need not know what untracked files hold.
  const untracked = isGone ? await blobsOf(tree.untracked, repository) : new Map<string, string>()
  return compare({
    baseline: baseline.files,
    files: tree.files,
    paths: project.config.preserve.paths,
    untracked,
    emptied: new Set(emptied),
  })
}
