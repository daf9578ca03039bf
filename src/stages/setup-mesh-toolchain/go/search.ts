import type { Environment } from '../../../process/environment.ts'
import type { FoundTool, ToolPlaces } from '../../../toolchain/tool.ts'
import { askVersion } from './ask.ts'
import type { Limits } from './options.ts'
import { compareVersions, formatVersion, type GoVersion } from './version.ts'

/** What every place of a search gets. */
export interface Search {
  readonly places: ToolPlaces
  readonly limits: Limits
  /** Address of the official archive, without a slash at its end. */
  readonly archive: string
  /** Says and keeps why a place, or a Go in it, does not serve. */
  passOver(place: string, reason: string): void
}

/** A Go that serves; the search adds what was passed over on the way to it. */
export type FoundGo = Omit<FoundTool, 'passedOver'>

/** Another GOROOT than a Go's own keeps it from working; one that was fetched knows its own. */
export const OWN_GOROOT: Environment = { GOROOT: undefined }

/** Why a Go outside of PATH is not the version it should be, by running it; undefined when it is. */
export async function unproved(
  executable: string,
  version: GoVersion,
  { places, limits }: Search,
): Promise<string | undefined> {
  const answer = await askVersion(executable, places, limits, OWN_GOROOT)
  if ('broken' in answer) return `${executable} ${answer.broken}`
  if (compareVersions(answer.version, version) === 0) return undefined
  return `${executable} says that it is ${formatVersion(answer.version)}, not ${formatVersion(version)}`
}
