import { ConfigurationError } from '../../../result/configuration-error.ts'
import { requestOfModule } from './go-mod.ts'
import {
  compareVersions,
  formatVersion,
  type GoVersion,
  isRelease,
  newest,
  parseVersion,
  sameMinor,
} from './version.ts'

/** Which Go is wanted. `asked` is how it was written, for messages. */
export type GoRequest =
  | { readonly kind: 'at-least'; readonly version: GoVersion; readonly asked: string }
  | { readonly kind: 'patch-of'; readonly version: GoVersion; readonly asked: string }
  | { readonly kind: 'exact'; readonly version: GoVersion; readonly asked: string }
  | { readonly kind: 'stable'; readonly asked: string }

/** A request that names its versions, as `stable` does not before somebody was asked. */
export type NamedRequest = Exclude<GoRequest, { kind: 'stable' }> & {
  /** Why nobody knows that these are the versions that were asked for, in words. */
  readonly doubt?: string
}

/**
 * Reads a go-version: `go.mod` (of `directory`), `1.24`, `1.24.x`, `1.24.5`, `1.25rc1` or `stable`.
 * Throws a ConfigurationError for anything else, and for a go.mod that does not say.
 */
export async function readGoRequest(written: string, directory: string): Promise<GoRequest> {
  return written.trim() === 'go.mod' ? requestOfModule(directory) : parseRequest(written)
}

/** The same for everything but `go.mod`. */
export function parseRequest(written: string): GoRequest {
  const text = written.trim()
  const asked = `go-version ${JSON.stringify(text)}`
  if (text === 'stable') return { kind: 'stable', asked }
  const version = parseVersion(text.replace(/^(\d+\.\d+)\.x$/, '$1'))
  if (!version) {
    throw new ConfigurationError(`${asked} is no version of Go`, {
      fix: 'expected go.mod, stable, or a version as in 1.24, 1.24.x, 1.24.5 or 1.25rc1',
    })
  }
  const isMinor = /^\d+\.\d+(\.x)?$/.test(text)
  return isMinor ? { kind: 'patch-of', version, asked } : { kind: 'exact', version, asked }
}

/** Why a Go that is there does not serve, as the end of a sentence; undefined when it does. */
export function unsuited(request: NamedRequest, version: GoVersion): string | undefined {
  const difference = compareVersions(version, request.version)
  if (difference === 0 && (request.kind !== 'patch-of' || isRelease(version))) return undefined
  const said = formatVersion(version)
  if (request.kind === 'exact') return `is ${said}, not ${formatVersion(request.version)}`
  if (!isRelease(version)) return `is ${said}, which is no release`
  if (request.kind === 'patch-of') {
    const { major, minor } = request.version
    return sameMinor(version, request.version) ? undefined : `is ${said}, not of ${major}.${minor}`
  }
  return difference > 0 ? undefined : `is ${said}, older than ${formatVersion(request.version)}`
}

/**
 * Of the versions that can be had, the one to fetch. Where at least a version is wanted it is that one, as Go itself
 * would fetch it, or else the newest patch of the nearest minor: no newer a Go than was asked for.
 */
export function toFetch(request: NamedRequest, available: readonly GoVersion[]): GoVersion | undefined {
  const suited = available.filter((version) => unsuited(request, version) === undefined)
  if (request.kind !== 'at-least') return newest(suited)
  const [nearest] = suited.toSorted(compareVersions)
  if (!nearest || compareVersions(nearest, request.version) === 0) return nearest
  return newest(suited.filter((version) => sameMinor(version, nearest)))
}

/** The one version that serves wherever it is to be had, so that no list is needed; undefined for a range. */
export function onlyVersion({ kind, version }: NamedRequest): GoVersion | undefined {
  const isOne = kind === 'exact' || (kind === 'at-least' && (isRelease(version) || version.preRelease))
  return isOne ? version : undefined
}

/** What is nearest to a request that cannot be met: `the newest 1.24 there is 1.24.13`. */
export function nearby(request: NamedRequest, available: readonly GoVersion[]): string {
  const releases = available.filter(isRelease)
  const kin = newest(releases.filter((version) => sameMinor(version, request.version)))
  const { major, minor } = request.version
  if (kin) return `the newest ${major}.${minor} there is ${formatVersion(kin)}`
  const latest = newest(releases)
  return latest ? `the newest there is ${formatVersion(latest)}` : 'it has no Go at all'
}
