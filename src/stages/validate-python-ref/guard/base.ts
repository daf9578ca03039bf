import { allEnded } from '../../../process/all-ended.ts'
import { type MeshConfig, type Project, readConfig } from '../../../project/load.ts'
import { PROJECT_FILE } from '../../../project/project-file.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { Check } from '../../../result/stage-result.ts'
import { type Baseline, parseBaseline } from './baseline-file.ts'
import { isWithin } from './compare.ts'
import type { Exceptions } from './exceptions.ts'
import { askGit, type Repository } from './git.ts'

/** What the change under test started from. */
export interface Base {
  /** Full SHA. */
  readonly commit: string
  /** The baseline there, or why it cannot be read; undefined where it had none. */
  readonly baseline: Baseline | { readonly broken: string } | undefined
  /** The preserve part of mesh.yml there, or why it cannot be read. */
  readonly preserve: MeshConfig['preserve'] | { readonly broken: string }
}

/** Where the change under test started. */
export interface BaseOptions {
  /** A commit that was named. */
  readonly base?: string | undefined
  /** Whether HEAD is the merge of a change into its base, as pull requests and merge queues are checked out. */
  readonly isMerge: boolean
}

/**
 * The base of the change: the commit that was named, else the first parent of the merge that is checked out (with
 * fetch-depth: 2). Undefined where neither is at hand: the first parent of any other merge is a branch's own past. Throws
 * a ConfigurationError when the commit that was named is not in this clone.
 */
export async function readBase(
  project: Project,
  { base: named, isMerge }: BaseOptions,
  repository: Repository,
): Promise<Base | undefined> {
  const commit =
    named !== undefined
      ? await resolve(named, repository)
      : isMerge
        ? await firstParentOfMerge(repository)
        : undefined
  if (commit === undefined) return undefined
  const configs = await allEnded([project.file, PROJECT_FILE].map((file) => fileAt(commit, file, repository)))
  const preserve = parsed(
    () => readConfig(project.file, configs.find((text) => text !== undefined) ?? '').preserve,
  )
  const path = ('broken' in preserve ? project.config.preserve : preserve).baseline
  const baseline = await fileAt(commit, path, repository)
  return {
    commit,
    preserve,
    baseline:
      baseline === undefined
        ? undefined
        : parsed(() => parseBaseline(baseline, `${commit.slice(0, 7)}:${path}`)),
  }
}

async function resolve(named: string, repository: Repository): Promise<string> {
  const commit = await commitOf(named, repository)
  if (commit !== undefined) return commit
  throw new ConfigurationError(`base: no commit "${named}" in this clone`, {
    fix: 'check out with a fetch-depth that reaches it',
  })
}

async function firstParentOfMerge(repository: Repository): Promise<string | undefined> {
  const [first, second] = await allEnded([commitOf('HEAD^1', repository), commitOf('HEAD^2', repository)])
  return second === undefined ? undefined : first
}

async function commitOf(name: string, repository: Repository): Promise<string | undefined> {
  const answer = await askGit(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
    repository,
  )
  return typeof answer === 'string' ? answer.trim() : undefined
}

/** The text of a file of the project in a commit; undefined where that has none. */
async function fileAt(commit: string, path: string, repository: Repository): Promise<string | undefined> {
  const answer = await askGit(['cat-file', 'blob', `${commit}:./${path}`], repository)
  return typeof answer === 'string' ? answer : undefined
}

/** What was read of the base, where it could be. */
export function readable<T extends object>(read: T | { readonly broken: string } | undefined): T | undefined {
  return read === undefined || 'broken' in read ? undefined : read
}

/** What stands in a file of the base; one that cannot be read is no mistake of the change, which may just mend it. */
function parsed<T>(read: () => T): T | { readonly broken: string } {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigurationError) return { broken: error.oneLine }
    throw error
  }
}

/** Whether the change under test made the guard itself smaller: paths that are not preserved or frozen any more. */
export function narrowed(
  project: Project,
  { preserve: before }: Base,
  exceptions: Exceptions,
): readonly Check[] {
  if ('broken' in before) return []
  const now = project.config.preserve
  return (['paths', 'frozen'] as const).flatMap((key) =>
    before[key]
      .filter((path) => !now[key].some((one) => isWithin(path, one)))
      .filter((path) => !exceptions.excuseHidden(path, 'deleted', 'moved'))
      .map((path): Check => {
        const line = (project.place(['preserve', key]) ?? project.place(['preserve']))?.line
        return {
          id: `base/preserve.${key}/${path}`,
          title: `${path} stays in preserve.${key}`,
          verdict: 'fail',
          detail: 'this change takes it out',
          fix: 'leave it in, and agree on what has to change with an exception',
          location: { file: project.file, ...(line === undefined ? {} : { line }) },
        }
      }),
  )
}
