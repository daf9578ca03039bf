import { readFile } from 'node:fs/promises'
import pLimit from 'p-limit'
import { allEnded } from '../../../process/all-ended.ts'
import type { Project } from '../../../project/load.ts'
import { type Baseline, type BaselineTest, parseBaseline } from './baseline-file.ts'
import { isWithin } from './compare.ts'
import { askGit, type Repository } from './git.ts'
import { hasNoCode } from './python-source.ts'
import { isTestFile, testFunctions } from './test-functions.ts'
import { OPEN_FILES, onDisk, type TrackedFile } from './tree.ts'

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
  const limit = pLimit(OPEN_FILES)
  const empty = await allEnded(
    files.map((file) =>
      limit(
        async () => file.mode.startsWith('100') && isEmptied(file.path, await contentOf(file, repository)),
      ),
    ),
  )
  return files.filter((_, index) => empty[index]).map(({ path }) => path)
}

/** The test functions that these files declare. */
export async function readTests(
  files: readonly TrackedFile[],
  repository: Repository,
): Promise<readonly BaselineTest[]> {
  const limit = pLimit(OPEN_FILES)
  const tests = await allEnded(
    files
      .filter(({ path, mode }) => mode.startsWith('100') && isTestFile(path))
      .map((file) => limit(async () => testFunctions(file.path, await contentOf(file, repository)))),
  )
  return tests.flat()
}

/** Whether nothing is left in a file that does anything: of Python no code, of settings nothing but comments. */
function isEmptied(path: string, text: string): boolean {
  if (/\.pyi?$/.test(path)) return hasNoCode(text)
  if (/\.(toml|cfg|ini|sh|ya?ml|txt)$/.test(path))
    return text.split('\n').every((line) => /^\s*([#;].*)?$/.test(line))
  return text.trim() === ''
}

/** What stands in the working tree; in a sparse checkout, what git has of it. */
async function contentOf(file: TrackedFile, repository: Repository): Promise<string> {
  const text = await readFile(onDisk(file, repository), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (text !== undefined) return text
  const answer = await askGit(['cat-file', 'blob', file.blob], repository)
  return typeof answer === 'string' ? answer : ''
}
