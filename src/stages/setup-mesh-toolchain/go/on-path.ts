import { realpath, stat } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { GO_PROGRAM } from './platform.ts'

/** A `go` on PATH; `first` when it is the one that a bare `go` starts. */
export interface GoOnPath {
  readonly executable: string
  readonly directory: string
  readonly first: boolean
}

/** Every `go` on PATH in order, each once. Relative folders are left out, as Go itself leaves them out. */
export async function everyGoOnPath({ environment }: ToolPlaces): Promise<readonly GoOnPath[]> {
  const folders = (pathOf(environment) ?? '').split(delimiter).filter(isAbsolute)
  const found: GoOnPath[] = []
  const seen = new Set<string>()
  for (const folder of folders) {
    const executable = join(folder, GO_PROGRAM)
    const file = await programAt(executable)
    if (file === undefined || seen.has(file)) continue
    seen.add(file)
    found.push({ executable, directory: dirname(executable), first: found.length === 0 })
  }
  return found
}

/** Where a program really is; undefined when there is none that a shell would try to start. */
async function programAt(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path).then((file) => (file.isFile() ? file : Promise.reject()))
    const mayRun = process.platform === 'win32' || (mode & 0o111) !== 0
    return mayRun ? await realpath(path) : undefined
  } catch {
    return undefined
  }
}

function pathOf(environment: ToolPlaces['environment']): string | undefined {
  // Windows spells it Path, and its names ignore case.
  const name = Object.keys(environment).find((one) => one.toUpperCase() === 'PATH')
  return environment.PATH ?? (name === undefined ? undefined : environment[name])
}
