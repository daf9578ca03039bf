import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { ask } from '../../../toolchain/command.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { newestFirst, parseVersion } from './version.ts'

/** A Python that runs, as it describes itself. */
export interface Interpreter {
  readonly version: string
  /** Absolute; of a link, a shim or a virtual environment the interpreter behind it: the same one in every run. */
  readonly executable: string
  readonly implementation: string
}

/** What an interpreter is asked. A virtual environment's knows the one that it was made with. */
const QUESTION = `
import json, os, platform, sys
print(json.dumps({
    "version": platform.python_version(),
    "executable": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "implementation": platform.python_implementation(),
}))
`

/** Asks a program whether it is a Python, or says in words why it is none that runs. */
export async function interrogate(
  program: string,
  places: ToolPlaces,
): Promise<Interpreter | { readonly failure: string }> {
  const answer = await ask([program, '-IB', '-c', QUESTION], places)
  if ('failure' in answer) return answer
  try {
    const { version, executable, implementation } = JSON.parse(answer.stdout) as Record<string, unknown>
    if (typeof version === 'string' && typeof executable === 'string' && typeof implementation === 'string') {
      return { version: version.replace(/\+.*/, ''), executable, implementation }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return { failure: 'is no Python: it does not answer' }
}

/**
 * The programs on PATH that could be a Python 3, in the order in which they should be asked: first those whose name
 * says the minor version (`3.11`, where there is one), then python3, then python.
 */
export async function namedOnPath(places: ToolPlaces, minor: string | undefined): Promise<readonly string[]> {
  const path = places.environment.PATH ?? ''
  const folders = [...new Set(path.split(delimiter).filter((folder) => folder !== ''))]
  const suffix = process.platform === 'win32' ? '\\.exe' : ''
  const versioned = minor === undefined ? '3\\.\\d+' : minor.replace('.', '\\.')
  const orders = [`python${versioned}`, 'python3', 'python'].map(
    (name) => new RegExp(`^${name}${suffix}$`, 'i'),
  )
  const listed = await Promise.all(
    folders.map(async (folder) => ({ folder, names: await readdir(folder).catch(() => [] as string[]) })),
  )
  return orders.flatMap((name) =>
    listed.flatMap(({ folder, names }) =>
      names
        .filter((one) => name.test(one))
        .sort((a, b) => newestFirst(a.slice('python'.length), b.slice('python'.length)))
        .map((one) => join(folder, one)),
    ),
  )
}

/** The Pythons of the tool cache that are complete, newest first: `Python/<version>/<arch>` beside `<arch>.complete`. */
export async function inToolCache(
  places: ToolPlaces,
): Promise<readonly { readonly version: string; readonly program: string }[]> {
  if (places.toolCache === undefined) return []
  const folder = join(places.toolCache, 'Python')
  const versions = await readdir(folder).catch(() => [] as string[])
  const found = await Promise.all(
    versions
      .filter((version) => parseVersion(version)?.numbers.length === 3)
      .map(async (version) => {
        const names = await readdir(join(folder, version)).catch(() => [] as string[])
        const whole = names.includes(process.arch) && names.includes(`${process.arch}.complete`)
        const program = process.platform === 'win32' ? 'python.exe' : join('bin', 'python3')
        return whole ? [{ version, program: join(folder, version, process.arch, program) }] : []
      }),
  )
  return found.flat().sort((a, b) => newestFirst(a.version, b.version))
}
