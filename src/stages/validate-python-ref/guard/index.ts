import { stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import type { StageContext } from '../../context.ts'
import { type BaseOptions, readable, readBase } from './base.ts'
import type { Baseline } from './baseline-file.ts'
import { baseChecks, baselineCheck, judgeChange, preservedChecks } from './checks.ts'
import { type Change, compare, isWithin } from './compare.ts'
import { type Exceptions, readExceptions } from './exceptions.ts'
import type { Repository } from './git.ts'
import { leavingLinks } from './links.ts'
import { guardedPaths } from './paths.ts'
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
export async function guard(project: Project, options: BaseOptions, context: StageContext): Promise<Guarded> {
  const repository: Repository = { directory: project.directory, signal: context.signal }
  const [tree, base, own] = await allEnded([
    readTree(repository),
    readBase(project, options, repository),
    readBaseline(project),
  ])
  const before = readable(base?.baseline)
  const preserve = readable(base?.preserve)
  const exceptions = readExceptions(project, context.now(), preserve?.exceptions)
  const gone = await missingFolders(project)
  const missing = gone.filter((path) => !exceptions.excuse(path, 'deleted', 'moved'))
  const paths = guardedPaths(project.config.preserve)
  const [changes = [], hidden = []] = await allEnded(
    [own, before].map((one) => (one ? changesSince(one, paths, tree, repository) : [])),
  )
  const judged = new Map<string, Check>()
  const take = (check: Check | undefined) => {
    const isTold = check && missing.some((folder) => isWithin(check.location?.file ?? '', folder))
    if (check && !isTold && !judged.has(check.id)) judged.set(check.id, check)
  }
  for (const change of changes) take(judgeChange(change, project, exceptions.excuse, undefined))
  const isKnown = new Set(changes.map((change) => JSON.stringify(change)))
  const dropped = hidden.filter((change) => !isKnown.has(JSON.stringify(change)))
  for (const change of dropped) take(judgeChange(change, project, exceptions.excuseHidden, base?.commit))

  const preserved = under(tree.files.values(), [...paths, ...(preserve ? guardedPaths(preserve) : [])])
  const red = [...missing.map(missingCheck), ...judged.values(), ...(await leavingLinks(project, preserved))]
  const baselines = [own, before].filter((one) => one !== undefined)
  const tests = missing.length > 0 ? [] : await readTests(preserved, repository)
  return {
    checks: [
      ...red.slice(0, SHOWN),
      ...more(red.length - SHOWN),
      baselineCheck(project, own),
      ...(own ? preservedChecks(project, changes, red) : []),
      // With a folder that is gone its tests are, which need not be told.
      ...(missing.length > 0 ? [] : worstOf(baselines.map((one) => testsKept(one.tests, tests, exceptions)))),
      ...baseChecks(project, base, exceptions),
    ],
    complete: missing.length === 0,
    changes: [...changes, ...dropped],
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
  const isThere = await allEnded(paths.map((path) => stat(resolve(path)).catch(() => undefined)))
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
  paths: readonly string[],
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
    paths,
    untracked,
    emptied: new Set(emptied),
  })
}
