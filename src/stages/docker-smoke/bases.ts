import type { Instruction } from './dockerfile.ts'

/** A base image that may be another one tomorrow. */
interface FloatingBase {
  /** As it is called when all arguments are filled in. */
  readonly image: string
  readonly line: number
}

/**
 * The base images that are named without a digest, and by `latest` or no tag at all; with the build arguments that are
 * given, else with what the Dockerfile sets for them.
 */
export function floatingBases(
  instructions: readonly Instruction[],
  given: Readonly<Record<string, string>> = {},
): readonly FloatingBase[] {
  const values = new Map<string, string>()
  const stages = new Set<string>()
  const floating: FloatingBase[] = []
  for (const { name, rest, line } of instructions) {
    if (name === 'ARG' && stages.size === 0) {
      const [, key = '', preset] = /^(\w+)(?:=["']?([^"'\s]*))?/.exec(rest) ?? []
      const value = given[key] ?? preset
      if (value !== undefined) values.set(key, filled(value, values))
    }
    if (name !== 'FROM') continue
    const [, written = '', stage] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? []
    const image = filled(written, values)
    if (!isFixed(image) && !stages.has(image.toLowerCase())) floating.push({ image, line })
    stages.add((stage ?? `stage of line ${line}`).toLowerCase())
  }
  return floating
}

/** What cannot be filled in, nobody can judge. */
function isFixed(image: string): boolean {
  if (image === 'scratch' || image.includes('@') || image.includes('$')) return true
  const tag = /:([^/:]+)$/.exec(image)?.[1]
  return tag !== undefined && tag !== 'latest'
}

/** A text with $NAME, ${NAME} and ${NAME:-otherwise} filled in; what has no value stays as it is. */
function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (whole, plain, braced, otherwise) => values.get(plain ?? braced) || (otherwise ?? whole),
  )
}
