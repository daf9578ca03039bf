import type { Project } from '../../../project/load.ts'
import { inProject } from './place.ts'

/** What a Python traceback says. */
export interface Traceback {
  /** Its last line: ValueError: no settings. */
  readonly said: string
  /** The project's own line that is nearest to the error. */
  readonly file: string | undefined
  readonly line: number | undefined
}

const BEGINNING = 'Traceback (most recent call last):'

/** The last traceback among these lines; undefined where there is none. */
export function tracebackIn(
  lines: readonly string[],
  project: Pick<Project, 'directory'>,
): Traceback | undefined {
  const start = lines.findLastIndex((line) => line.trim() === BEGINNING)
  if (start < 0) return undefined
  const after = lines.slice(start + 1)
  const end = after.findIndex((line) => /^\S/.test(line))
  const frames = (end < 0 ? after : after.slice(0, end)).flatMap((line) => {
    const [, file, number] = /^\s+File "(.+?)", line (\d+)/.exec(line) ?? []
    const path = file === undefined ? undefined : inProject(project, file)
    return path === undefined || path.includes('site-packages/') ? [] : [{ file: path, line: Number(number) }]
  })
  return { said: (end < 0 ? '' : after[end]) ?? '', file: frames.at(-1)?.file, line: frames.at(-1)?.line }
}
