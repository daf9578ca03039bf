import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'
import { ask } from './command.ts'
import { LIMITS, type Limits } from './limits.ts'
import { madeOnce, removed } from './made-once.ts'
import { fetchWithPip } from './pip-fetch.ts'
import type { FoundTool, ToolPlaces } from './tool.ts'
import { UV_REQUIREMENTS, UV_VERSION } from './uv-release.ts'

/** The oldest uv whose options are those that are used here. */
const OLDEST = [0, 7] as const

const NAME = process.platform === 'win32' ? 'uv.exe' : 'uv'

/** Either a tool, or in words why there is none, a line for each place that was tried. */
export interface Search {
  readonly found: FoundTool | undefined
  readonly passedOver: readonly string[]
}

/**
 * Finds uv: on PATH, in the user's cache, else from PyPI at the pinned version with its hashes, by the pip of the first
 * of these interpreters that has one. None is no error: pip does the same more slowly.
 */
export async function findUv(
  places: ToolPlaces,
  interpreters: readonly string[],
  limits: Limits = LIMITS,
): Promise<Search> {
  const passedOver: string[] = []
  for (const folder of (places.environment.PATH ?? '').split(delimiter)) {
    const executable = join(folder, NAME)
    if (folder === '' || !(await isExecutable(executable))) continue
    const version = await versionOf(executable, places)
    if (typeof version === 'string') {
      return { found: tool(executable, version, 'PATH', passedOver), passedOver }
    }
    passedOver.push(`uv on PATH: ${executable}: ${version.failure}`)
  }
  return await fromPyPI(places, interpreters, limits, passedOver)
}

async function fromPyPI(
  places: ToolPlaces,
  interpreters: readonly string[],
  limits: Limits,
  earlier: readonly string[],
): Promise<Search> {
  const passedOver = [...earlier]
  const folder = join(places.userCache, 'uv', `${UV_VERSION}-${process.platform}-${process.arch}`)
  const kept = await keptIn(folder, places)
  if (kept) return { found: tool(kept, UV_VERSION, 'cache', passedOver), passedOver }
  for (const python of interpreters) {
    try {
      await madeOnce(folder, (beside) =>
        fetchWithPip(
          python,
          beside,
          {
            title: `Fetch uv ${UV_VERSION} from PyPI`,
            requirements: UV_REQUIREMENTS,
            timeoutMs: limits.uvMs,
          },
          places,
        ),
      )
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      passedOver.push(`uv from PyPI: ${error.message}`)
      continue
    }
    const fetched = await keptIn(folder, places)
    if (fetched) return { found: tool(fetched, UV_VERSION, 'PyPI', passedOver), passedOver }
    passedOver.push(`uv from PyPI: ${UV_VERSION} does not run on this machine`)
  }
  if (interpreters.length === 0) passedOver.push('uv from PyPI: there is no Python whose pip could fetch it')
  return { found: undefined, passedOver }
}

function tool(executable: string, version: string, where: string, passedOver: readonly string[]): FoundTool {
  return { version, executable, addToPath: undefined, where, passedOver: [...passedOver] }
}

/** The uv that was fetched before; one that does not run any more is cleared away. */
async function keptIn(folder: string, places: ToolPlaces): Promise<string | undefined> {
  // pip's --target puts programs here on every platform but Windows.
  const executable = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', NAME)
  // The folder comes into being whole: one that another run puts there after this look is left alone.
  if (!(await isThere(folder))) return undefined
  if (typeof (await versionOf(executable, places)) === 'string') return executable
  await removed(folder)
  return undefined
}

async function versionOf(
  executable: string,
  places: ToolPlaces,
): Promise<string | { readonly failure: string }> {
  const answer = await ask([executable, '--version'], places)
  if ('failure' in answer) return answer
  const [, version, major, minor] = /^uv ((\d+)\.(\d+)\.\S+)/.exec(answer.stdout) ?? []
  if (version === undefined) return { failure: 'is no uv: it does not tell its version' }
  const isOld = Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]
  return isOld ? { failure: `is ${version}, older than ${OLDEST.join('.')}` } : version
}

function isExecutable(file: string): Promise<boolean> {
  return isThere(file, constants.X_OK)
}

async function isThere(file: string, mode = constants.F_OK): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  )
}
