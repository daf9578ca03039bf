/** What a search for Go may be told beside where to look. */
export interface FindGoOptions {
  /** Where the official archive is; its list is `<address>/?mode=json&include=all`. */
  readonly archive?: string
  readonly limits?: Partial<Limits>
}

/** How long each step may take before the next place is tried; milliseconds. */
export interface Limits {
  /** A Go that says its version. */
  readonly answerMs: number
  /** The module proxy's list of versions. */
  readonly listMs: number
  /** A whole toolchain through the module proxy, since from outside nobody sees how far Go has come. */
  readonly moduleMs: number
  /** The archive: a connection, the first byte of an answer, and each next one. */
  readonly stallMs: number
  /** The archive, all of a download; and what it holds, unpacked. */
  readonly archiveMs: number
}

export const LIMITS: Limits = {
  answerMs: 20_000,
  listMs: 30_000,
  moduleMs: 4 * 60_000,
  stallMs: 20_000,
  archiveMs: 10 * 60_000,
}

export const OFFICIAL_ARCHIVE = 'https://go.dev/dl'
