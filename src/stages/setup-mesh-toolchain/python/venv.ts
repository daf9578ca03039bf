import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ownerTag } from '../../../toolchain/half-made.ts'
import type { FoundTool } from '../../../toolchain/tool.ts'
import type { ExtraRequirement } from './extra-requirements.ts'

const IS_WINDOWS = process.platform === 'win32'

/** Written last into an environment: one without it was never finished. */
const MARKER = 'mesh-actions.json'

/** A distribution that is installed from a folder of the project. */
export interface InstalledPackage {
  readonly path: string
  readonly name: string
  readonly version: string
}

interface Marker {
  readonly stamp: string
  readonly packages: readonly InstalledPackage[]
  /** Everything in its site-packages, so that what was installed or removed since is noticed. */
  readonly contents: readonly string[]
  /** The project, and the process that made it for that one; an earlier version of the suite left them out. */
  readonly directory?: string
  readonly owner?: string
}

/** The folder with the environments of all projects. */
export function venvsIn(userCache: string): string {
  return join(userCache, 'venvs')
}

/**
 * Where a project's environment for an interpreter lies: the same in every run. Runs that want other things beside the
 * packages have one of their own, or they would make it anew in turns.
 */
export function venvPath(
  userCache: string,
  directory: string,
  python: FoundTool,
  extra: readonly ExtraRequirement[],
): string {
  const key = JSON.stringify([
    directory,
    python.version,
    python.executable,
    extra.map(({ written }) => written),
  ])
  return join(venvsIn(userCache), `${nameOf(directory)}-${python.version}-${digest(key)}`)
}

/**
 * What a run holds while it makes an environment of a project, whichever: build backends write into the packages'
 * folders, and uv's own lock against that lies among its temporary files, which each run has for itself.
 */
export function lockPath(userCache: string, directory: string): string {
  return join(venvsIn(userCache), `${nameOf(directory)}-${digest(directory)}.lock`)
}

function nameOf(directory: string): string {
  return basename(directory).replace(/[^A-Za-z0-9._-]/g, '_') || 'project'
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** The interpreter of an environment. */
export function pythonOf(venv: string): string {
  return IS_WINDOWS ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python')
}

/** The packages of a whole environment that was made for this stamp and was not changed since; else undefined. */
export async function wholeVenv(
  venv: string,
  stamp: string,
): Promise<readonly InstalledPackage[] | undefined> {
  return unlessTorn(async () => {
    const marker = await markerOf(venv)
    if (marker.stamp !== stamp) return undefined
    // Follows the link: an interpreter that was uninstalled leaves it dangling.
    await stat(pythonOf(venv))
    const contents = await contentsOf(venv)
    return contents.join('\n') === marker.contents.join('\n') ? marker.packages : undefined
  })
}

/** For which project a finished environment was made, and by which process; undefined of any other folder. */
export async function madeFor(
  venv: string,
): Promise<{ readonly directory: string; readonly owner: string } | undefined> {
  return unlessTorn(async () => {
    const { directory, owner } = await markerOf(venv)
    return typeof directory === 'string' && typeof owner === 'string' ? { directory, owner } : undefined
  })
}

async function markerOf(venv: string): Promise<Marker> {
  return JSON.parse(await readFile(join(venv, MARKER), 'utf8')) as Marker
}

/** What was found out of an environment; undefined where its marker, or what that speaks of, is not there or torn. */
async function unlessTorn<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

/** Declares an environment of a project finished. */
export async function markWhole(
  venv: string,
  stamp: string,
  packages: readonly InstalledPackage[],
  directory: string,
): Promise<void> {
  const marker: Marker = {
    ...{ stamp, packages, contents: await contentsOf(venv) },
    ...{ directory, owner: ownerTag() },
  }
  await writeFile(join(venv, MARKER), JSON.stringify(marker))
}

/** The folder that an environment's distributions are in. */
export async function sitePackages(venv: string): Promise<string> {
  if (IS_WINDOWS) return join(venv, 'Lib', 'site-packages')
  const lib = join(venv, 'lib')
  const version = (await readdir(lib)).find((name) => /^python3\.\d+/.test(name))
  return join(lib, version ?? 'python3', 'site-packages')
}

async function contentsOf(venv: string): Promise<readonly string[]> {
  const names = await readdir(await sitePackages(venv))
  return names.filter((name) => name !== '__pycache__').sort()
}
