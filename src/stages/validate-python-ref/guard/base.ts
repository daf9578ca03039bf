import { type MeshConfig, type Project, readConfig } from '../../../project/load.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { Check } from '../../../result/stage-result.ts'
import { type Baseline, parseBaseline } from './baseline-file.ts'
import { isWithin } from './compare.ts'
import { askGit, type Repository } from './git.ts'

/** What the change under test started from. */
export interface Base {
  /** Full SHA. */
  readonly commit: string
  /** The baseline there; undefined where it had none. */
  readonly baseline: Baseline | undefined
  /** The preserve part of mesh.yml there, or why it cannot be read. */
  readonly preserve: MeshConfig['preserve'] | { readonly broken: string }
}

/**
 * The base of the change: the commit that was named, else the first parent of a merge, which is what a pull request is
 * checked out as (with fetch-depth: 2). Undefined where neither is at hand. Throws a ConfigurationError when the commit
 * that was named is not in this clone.
 */
export async function readBase(
  project: Project,
  named: string | undefined,
  repository: Repository,
): Promise<Base | undefined> {
  const commit = named === undefined ? await firstParentOfMerge(repository) : await resolve(named, repository)
  if (commit === undefined) return undefined
  const config = await fileAt(commit, project.file, repository)
  const preserve = preserveOf(project.file, config ?? '')
  const path = ('broken' in preserve ? project.config.preserve : preserve).baseline
  const baseline = await fileAt(commit, path, repository)
  return {
    commit,
    preserve,
    baseline: baseline === undefined ? undefined : parseBaseline(baseline, `${commit.slice(0, 7)}:${path}`),
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
  const [first, second] = await Promise.all([commitOf('HEAD^1', repository), commitOf('HEAD^2', repository)])
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

function preserveOf(file: string, text: string): Base['preserve'] {
  try {
    return readConfig(file, text).preserve
  } catch (error) {
    if (error instanceof ConfigurationError) return { broken: error.oneLine }
    throw error
  }
}

/** Whether the change under test made the guard itself smaller: paths that are not preserved or frozen any more. */
export function narrowed(project: Project, { preserve: before }: Base): readonly Check[] {
  const location = { file: project.file }
  if ('broken' in before) {
    return [
      {
        id: 'base/preserve',
        title: 'preserve in mesh.yml covers what it covered before',
        verdict: 'inconclusive',
        detail: `of the base, ${before.broken}`,
        location,
      },
    ]
  }
  const now = project.config.preserve
  return (['paths', 'frozen'] as const).flatMap((key) =>
    before[key]
      .filter((path) => !now[key].some((one) => isWithin(path, one)))
      .map((path): Check => {
        const line = (project.place(['preserve', key]) ?? project.place(['preserve']))?.line
        return {
          id: `base/preserve.${key}/${path}`,
          title: `${path} stays in preserve.${key}`,
          verdict: 'fail',
          detail: 'this change takes it out',
          fix: `leave it in, and agree on what has to change with an exception`,
          location: { ...location, ...(line === undefined ? {} : { line }) },
        }
      }),
  )
}
