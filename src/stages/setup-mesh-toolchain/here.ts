import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { readPackages } from '../../toolchain/python-packages.ts'
import type { ToolPlaces } from '../../toolchain/tool.ts'
import { findUv } from '../../toolchain/uv.ts'
import { goThatFetches, survey, versionsOf } from './go/installed.ts'
import { LIMITS, OFFICIAL_ARCHIVE } from './go/options.ts'
import { type GoRequest, readGoRequest, unsuited } from './go/request.ts'
import { formatVersion, isRelease, newest } from './go/version.ts'
import { type Interpreter, inToolCache, interrogate, namedOnPath } from './python/interpreter.ts'
import { pythonRequest } from './python/request.ts'
import { isRange, newestFirst } from './python/version.ts'

/** A tool as it is on this machine, before anything is fetched. */
export interface ToolHere {
  /** The version that serves; undefined where none does. */
  readonly version: string | undefined
  /** Why none serves, in words; empty where one does. */
  readonly lacking: string
  /** Whether setup-mesh-toolchain can fetch one with what is here. */
  readonly fetchable: boolean
}

/** The Go that would serve a project: on PATH or in the tool cache. */
export async function goHere(project: Project, places: ToolPlaces): Promise<ToolHere> {
  const { version: written, directory } = project.config.go
  const request = await readGoRequest(written, project.resolve(directory)).catch(anyRelease)
  const search = { places, limits: LIMITS, archive: OFFICIAL_ARCHIVE, passOver: () => undefined }
  const installed = await survey(search)
  const all = versionsOf(installed)
  const found = newest(all.filter((version) => serves(request, version)))
  if (found) return { version: formatVersion(found), lacking: '', fetchable: true }
  const others = all.map(formatVersion).join(', ')
  return {
    version: undefined,
    lacking: others === '' ? 'there is no Go' : `there is Go ${others}, and not ${request.asked}`,
    fetchable: (await goThatFetches(installed, search)) !== undefined,
  }
}

/** Of a folder that does not say which one it wants, any serves; a stage would refuse it for that. */
function anyRelease(error: unknown): GoRequest {
  if (!(error instanceof ConfigurationError)) throw error
  return { kind: 'stable', asked: 'any' }
}

function serves(request: GoRequest, version: Parameters<typeof isRelease>[0]): boolean {
  return request.kind === 'stable' ? isRelease(version) : unsuited(request, version) === undefined
}

/** The Python that would serve a project: on PATH or in the tool cache; and uv, which can fetch one. */
export async function pythonHere(
  project: Project,
  places: ToolPlaces,
): Promise<{ readonly python: ToolHere; readonly uv: ToolHere }> {
  const request = await pythonRequest(project, await readPackages(project))
  const programs = [
    ...(await namedOnPath(places, undefined)),
    ...(await inToolCache(places)).map(({ program }) => program),
  ]
  const running: Interpreter[] = []
  let found: Interpreter | undefined
  for (const program of programs) {
    const answer = await interrogate(program, places)
    if ('failure' in answer) continue
    running.push(answer)
    if (answer.implementation !== 'CPython' || request.refusal(answer.version) !== undefined) continue
    if (!found || newestFirst(answer.version, found.version) < 0) found = answer
    if (!isRange(request.pattern)) break
  }
  // Without an interpreter to fetch it with, uv is only looked for.
  const uv = await findUv(places, [])
  const others = [...new Set(running.map(({ version }) => version))].join(', ')
  return {
    python: {
      version: found?.version,
      lacking: found
        ? ''
        : `there is ${others === '' ? 'no Python' : `Python ${others}, and not ${request.pattern.written}, which ${request.source} asks for`}`,
      fetchable: uv.found !== undefined || running.length > 0,
    },
    uv: {
      version: uv.found?.version,
      lacking: uv.found ? '' : 'there is no uv',
      fetchable: running.length > 0,
    },
  }
}
