/** A version of Python as somebody asks for it: all of it, or only its beginning. */
export interface VersionPattern {
  /** As it was written. */
  readonly written: string
  /** The numbers that are fixed: 3; 3 and 11; 3, 11 and 7. */
  readonly numbers: readonly number[]
  /** rc1 of 3.14.0rc1. */
  readonly prerelease: string
}

/** What would be right where a version is none. */
export const VERSION_FORMS = 'expected a version of Python 3, as in 3.11, 3.11.7 or 3.x'

const FORM = /^(3)(?:\.(\d{1,3}|[xX*]))?(?:\.(\d{1,3}|[xX*]))?((?:a|b|rc)\d+)?$/

/** Reads 3.11, 3.11.7, 3.11.x, 3.x, 3 or 3.14.0rc1; undefined for anything else, Python 2 included. */
export function parseVersion(written: string): VersionPattern | undefined {
  const [, ...found] = FORM.exec(written.trim()) ?? []
  const prerelease = found[3] ?? ''
  const parts = found.slice(0, 3).filter((part) => part !== undefined)
  if (parts.length === 0) return undefined
  const open = parts.findIndex((part) => /^[xX*]$/.test(part))
  const numbers = (open < 0 ? parts : parts.slice(0, open)).map(Number)
  // Only the last number may be open, and only a whole version has pre-releases.
  if (open >= 0 && open < parts.length - 1) return undefined
  if (prerelease !== '' && numbers.length < 3) return undefined
  return { written: written.trim(), numbers, prerelease }
}

/** Whether a whole version is one of those that the pattern means. Pre-releases are meant only when named. */
export function matches(pattern: VersionPattern, version: string): boolean {
  const whole = parseVersion(version)
  if (whole?.numbers.length !== 3 || whole.prerelease !== pattern.prerelease) return false
  return pattern.numbers.every((number, index) => number === whole.numbers[index])
}

/** Whether several versions would do, so that the newest is looked for everywhere. */
export function isRange(pattern: VersionPattern): boolean {
  return pattern.numbers.length < 3
}

/** For sorting: negative when the first is the newer one. */
export function newestFirst(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  for (const index of [0, 1, 2]) {
    const difference = (right?.numbers[index] ?? 0) - (left?.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  const [early, late] = [left?.prerelease ?? '', right?.prerelease ?? '']
  // A release is newer than its pre-releases.
  if (early === '' || late === '') return Number(early !== '') - Number(late !== '')
  return late.localeCompare(early, 'en', { numeric: true })
}
