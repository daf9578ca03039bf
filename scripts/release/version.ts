import { ConfigurationError } from '../../src/result/configuration-error.ts'

/** A released version. There are no pre-releases: whoever wants to try what is not released names its commit. */
export interface Version {
  /** As in v1.2.3, the name of its tag. */
  readonly tag: string
  /** Major, minor and patch. */
  readonly numbers: readonly [number, number, number]
}

const FORM = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/

/** Reads a version that somebody asked for. Throws a ConfigurationError when it is not of the form v1.2.3. */
export function readVersion(text: string): Version {
  const version = versionOf(text)
  if (!version) throw new ConfigurationError(`"${text}" is not a version`, { fix: 'write it as v1.2.3' })
  return version
}

/** The newest of the tags that are versions; undefined before the first release. */
export function newest(tags: readonly string[]): Version | undefined {
  return tags.flatMap((tag) => versionOf(tag) ?? []).sort((one, other) => compare(other, one))[0]
}

/** Negative when `one` is the older, zero when both are the same. */
export function compare(one: Version, other: Version): number {
  const differences = one.numbers.map((part, index) => part - (other.numbers[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}

/** The tag that moves along the releases of one major version, as in v1. */
export function majorTag({ numbers: [major] }: Version): string {
  return `v${major}`
}

/** The version without the v, as package.json has it. */
export function plain({ tag }: Version): string {
  return tag.slice(1)
}

function versionOf(text: string): Version | undefined {
  const found = FORM.exec(text)
  return found ? { tag: text, numbers: [Number(found[1]), Number(found[2]), Number(found[3])] } : undefined
}
