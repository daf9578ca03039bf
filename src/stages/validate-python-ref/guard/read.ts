import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../../project/load.ts'
import { type Baseline, type BaselineTest, parseBaseline } from './baseline-file.ts'
import { isWithin } from './compare.ts'
import { askGit, type Repository } from './git.ts'
import { hasNoCode } from './python-source.ts'
import { isTestFile, testFunctions } from './test-functions.ts'
import type { TrackedFile } from './tree.ts'

/** The project's baseline; undefined where it has none. */
export async function readBaseline(project: Project): Promise<Baseline | undefined> {
  const path = project.config.preserve.baseline
  const text = await readFile(project.resolve(path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  return text === undefined ? undefined : parseBaseline(text, path)
}

/** The files under these paths. */
export function under(files: Iterable<TrackedFile>, paths: readonly string[]): readonly TrackedFile[] {
  return [...files].filter(({ path }) => paths.some((one) => isWithin(path, one)))
}

/** The paths of the files that hold no code, or nothing at all. */
export async function withoutCode(
  files: readonly TrackedFile[],
  repository: Repository,
): Promise<readonly string[]> {
  const empty = await Promise.all(
    files.map(async ({ path, mode, blob }) => {
      if (!mode.startsWith('100')) return false
      const text = await contentOf(path, blob, repository)
      return /\.pyi?$/.test(path) ? hasNoCode(text) : text.trim() === ''
    }),
  )
  return files.filter((_, index) => empty[index]).map(({ path }) => path)
}

/** The test functions that these files declare. */
export async function readTests(
  files: readonly TrackedFile[],
  repository: Repository,
): Promise<readonly BaselineTest[]> {
  const tests = await Promise.all(
    files
      .filter(({ path, mode }) => mode.startsWith('100') && isTestFile(path))
      .map(async ({ path, blob }) => testFunctions(path, await contentOf(path, blob, repository))),
  )
  return tests.flat()
}

/** What stands in the working tree; in a sparse checkout, what git has of it. */
async function contentOf(path: string, blob: string, repository: Repository): Promise<string> {
  const text = await readFile(join(repository.directory, path), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return undefined
    },
  )
  if (text !== undefined) return text
  const answer = await askGit(['cat-file', 'blob', blob], repository)
  return typeof answer === 'string' ? answer : ''
}
