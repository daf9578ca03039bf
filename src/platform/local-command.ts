import { posix, relative } from 'node:path'
import { pasteable } from '../process/paste.ts'
import { PROJECT_FILE } from '../project/project-file.ts'
import { localCommand, type Stage } from '../result/stages.ts'

/** Where a project is: its folder relative to the top of the repository, and its file relative to that folder. */
interface LocalProject {
  readonly folder: string
  readonly file: string | undefined
}

/** A folder, absolute, as it is called from the top of the repository; empty for the top itself. */
export function inRepository(workspace: string, directory: string): string {
  return relative(workspace, directory).replaceAll('\\', '/')
}

/** How a stage is run in a terminal at the top of the repository, on the project that a job ran it on. */
export function localCommandIn({ folder, file = PROJECT_FILE }: LocalProject, stage: Stage): string {
  const path = posix.normalize(file)
  return pasteable([
    ...localCommand(stage),
    ...(folder === '' ? [] : ['--project', folder]),
    ...(path === PROJECT_FILE ? [] : ['--config', path]),
  ])
}
