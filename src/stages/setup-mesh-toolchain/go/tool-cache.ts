import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { CACHE_ARCH, GO_PROGRAM } from './platform.ts'
import { compareVersions, type GoVersion, parseVersion } from './version.ts'

/**
 * The layout of @actions/tool-cache, so that what setup-go put there is found and what is put there is found by it:
 * `<root>/go/<version>/<arch>`, and beside it the empty file `<arch>.complete` once all of it is there.
 */
export interface CacheEntry {
  readonly version: GoVersion
  readonly directory: string
  readonly marker: string
}

/** The tool cache, and where it is kept when that one cannot be written to. */
export function cacheRoots({ toolCache, userCache }: ToolPlaces): readonly string[] {
  return [...new Set([toolCache, userCache])].filter((root) => root !== undefined)
}

export function cacheEntry(root: string, version: GoVersion): CacheEntry {
  const folder = join(root, 'go', cacheName(version))
  return { version, directory: join(folder, CACHE_ARCH), marker: join(folder, `${CACHE_ARCH}.complete`) }
}

export function isComplete(entry: CacheEntry): boolean {
  return existsSync(entry.directory) && existsSync(entry.marker)
}

export function executableIn(directory: string): string {
  return join(directory, 'bin', GO_PROGRAM)
}

/** What a cache has for this machine's processor, the newest first; none where there is no such folder. */
export async function entriesIn(root: string): Promise<readonly CacheEntry[]> {
  const names = await readdir(join(root, 'go')).catch(() => [])
  return names
    .map(versionOfName)
    .filter((version) => version !== undefined)
    .map((version) => cacheEntry(root, version))
    .filter((entry) => existsSync(entry.directory))
    .sort((a, b) => compareVersions(b.version, a.version))
}

/** The tool cache wants semver: 1.20 is 1.20.0 there, 1.25rc1 is 1.25.0-rc.1. */
export function cacheName(version: GoVersion): string {
  const { major, minor, patch, preRelease } = version
  const suffix = preRelease ? `-${preRelease.kind}.${preRelease.number}` : ''
  return `${major}.${minor}.${patch ?? 0}${suffix}`
}

/** The Go that a folder of the tool cache is for; undefined for a name that setup-go would not give. */
export function versionOfName(name: string): GoVersion | undefined {
  const match = /^(\d+\.\d+)\.(\d+)(?:-(beta|rc)\.(\d+))?$/.exec(name)
  if (!match) return undefined
  const [, minor, patch, kind, number] = match
  const version = parseVersion(kind ? `${minor}${kind}${number}` : `${minor}.${patch}`)
  return version && cacheName(version) === name ? version : undefined
}
