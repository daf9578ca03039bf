import { isAbsolute, relative, sep } from 'node:path'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'

/** A file as an annotation names it, relative to the project; undefined for one that lies outside. */
export function inProject({ directory }: Pick<Project, 'directory'>, file: string): string | undefined {
  const path = isAbsolute(file) ? relative(directory, file) : file
  if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined
  return path.split(sep).join('/')
}

/** The location of a check, where there is one inside of the project. */
export function locationIn(
  project: Pick<Project, 'directory'>,
  file: string | undefined,
  line?: number | null,
): Pick<Check, 'location'> {
  const path = file === undefined ? undefined : inProject(project, file)
  if (path === undefined) return {}
  return { location: { file: path, ...(line ? { line } : {}) } }
}
