import { allEnded } from '../../../process/all-ended.ts'
import type { Project } from '../../../project/load.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { Baseline } from './baseline-file.ts'
import type { Repository } from './git.ts'
import { guardedPaths } from './paths.ts'
import { readTests, under, withoutCode } from './read.ts'
import { readTree } from './tree.ts'

/**
 * What a baseline holds of the files as they are now. Throws a ConfigurationError where git tracks none of them: a
 * baseline of nothing would keep nothing.
 */
export async function takeFiles(
  project: Project,
  signal: AbortSignal,
): Promise<Pick<Baseline, 'files' | 'withoutCode' | 'tests'>> {
  const repository: Repository = { directory: project.directory, signal }
  const { preserve } = project.config
  const paths = guardedPaths(preserve)
  const files = under((await readTree(repository)).files.values(), paths)
  const [withNone, tests] = await allEnded([withoutCode(files, repository), readTests(files, repository)])
  for (const [index, path] of paths.entries()) {
    if (under(files, [path]).length > 0) continue
    throw new ConfigurationError(`git tracks nothing under ${path}`, {
      place: project.place(['preserve', index < preserve.paths.length ? 'paths' : 'frozen']),
      fix: 'add the files to git, or correct preserve',
    })
  }
  return { files, withoutCode: withNone, tests }
}
