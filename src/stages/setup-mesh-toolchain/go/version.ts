/** A version of Go. `1.24` without a patch is the language; a release from 1.21 on always has one. */
export interface GoVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number | undefined
  readonly preRelease: { readonly kind: 'beta' | 'rc'; readonly number: number } | undefined
}

/** From 1.21 on the first release of a minor is 1.21.0; before, it was 1.20. */
const FIRST_WITH_PATCH_ZERO = 21

/** Reads 1.24, 1.24.5, 1.25rc1; undefined for anything else. Go never had a pre-release of a patch. */
export function parseVersion(text: string): GoVersion | undefined {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)(?:\.(0|[1-9]\d*)|(beta|rc)(0|[1-9]\d*))?$/.exec(text)
  if (!match) return undefined
  const [major, minor, patch, number] = [match[1], match[2], match[3], match[5]].map((digits) =>
    digits === undefined ? undefined : Number(digits),
  )
  if (![major, minor, patch ?? 0, number ?? 0].every(Number.isSafeInteger)) return undefined
  if (major === undefined || minor === undefined) return undefined
  const kind = match[4] as 'beta' | 'rc' | undefined
  return release({
    major,
    minor,
    patch,
    preRelease: kind && number !== undefined ? { kind, number } : undefined,
  })
}

/** The version of a toolchain's name, without what a vendor put behind it: go1.24.5, go1.24.5-fips. */
export function parseToolchain(name: string): GoVersion | undefined {
  const match = /^go([^\s-]+)/.exec(name)
  return match?.[1] === undefined ? undefined : parseVersion(match[1])
}

/** As Go spells it, and as `go` and GOTOOLCHAIN want it: 1.20, 1.21.0, 1.25rc1. */
export function formatVersion({ major, minor, patch, preRelease }: GoVersion): string {
  if (preRelease) return `${major}.${minor}${preRelease.kind}${preRelease.number}`
  const bare = patch === undefined || (patch === 0 && beforePatchZero({ major, minor }))
  return bare ? `${major}.${minor}` : `${major}.${minor}.${patch}`
}

/**
 * Below zero when `a` is the older. Go's order, which is not semver's: 1.9 < 1.10, and
 * 1.21 (the language) < 1.21beta1 < 1.21rc2 < 1.21.0. See cmd/go's internal/gover.
 */
export function compareVersions(a: GoVersion, b: GoVersion): number {
  for (const [mine, theirs] of zip(rank(a), rank(b))) if (mine !== theirs) return mine - theirs
  return 0
}

/** Of these, the newest; undefined of none. */
export function newest(versions: readonly GoVersion[]): GoVersion | undefined {
  return versions.toSorted(compareVersions).at(-1)
}

export function sameMinor(a: GoVersion, b: GoVersion): boolean {
  return a.major === b.major && a.minor === b.minor
}

/** Whether this is a release: neither a pre-release nor the mere language version. */
export function isRelease(version: GoVersion): boolean {
  return version.preRelease === undefined && version.patch !== undefined
}

/** 1.20 is a release, the same as 1.20.0. */
function release(version: GoVersion): GoVersion {
  const bare = version.patch === undefined && version.preRelease === undefined
  return bare && beforePatchZero(version) ? { ...version, patch: 0 } : version
}

function beforePatchZero({ major, minor }: Pick<GoVersion, 'major' | 'minor'>): boolean {
  return major < 1 || (major === 1 && minor < FIRST_WITH_PATCH_ZERO)
}

function rank({ major, minor, patch, preRelease }: GoVersion): readonly number[] {
  const kind = preRelease ? (preRelease.kind === 'beta' ? 1 : 2) : 0
  return [major, minor, patch ?? -1, kind, preRelease?.number ?? 0]
}

function zip(a: readonly number[], b: readonly number[]): readonly (readonly [number, number])[] {
  return a.map((value, index) => [value, b[index] ?? 0])
}
