import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveInside } from '../../../project/inside.ts'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { SYMLINK, type TrackedFile } from './tree.ts'

/** A red check for each symbolic link that leads out of the project: what it points to is not kept by git. */
export async function leavingLinks(
  project: Project,
  files: readonly TrackedFile[],
): Promise<readonly Check[]> {
  const checks = await Promise.all(
    files
      .filter(({ mode }) => mode === SYMLINK)
      .map(async ({ path }): Promise<Check | undefined> => {
        if (resolveInside(project.directory, path) !== undefined) return undefined
        return {
          id: `preserved/${path}`,
          title: `${path} is kept`,
          verdict: 'fail',
          detail: `a symbolic link to ${await readlink(join(project.directory, path))}, which leaves the project`,
          location: { file: path },
        }
      }),
  )
  return checks.filter((check) => check !== undefined)
}
