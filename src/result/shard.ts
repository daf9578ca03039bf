/** Part `index` (from 1) of `total` of what several jobs share out among them. */
export interface Shard {
  readonly index: number
  readonly total: number
}

/** What falls to a part: every `total`-th, so that the parts differ by one at most; without a part all of it. */
export function partOf<T>(all: readonly T[], shard: Shard | undefined): readonly T[] {
  return shard ? all.filter((_, position) => position % shard.total === shard.index - 1) : all
}

/**
 * Why these parts are not one whole, in words: of several divisions, one there twice, or one missing. Undefined where
 * every part of one division is there once.
 */
export function faultOfParts(parts: readonly Shard[]): string | undefined {
  const names = parts.map(({ index, total }) => `${index}/${total}`)
  const [total = 0, ...others] = new Set(parts.map((part) => part.total))
  if (others.length > 0) return `its parts are of different wholes: ${names.join(', ')}`
  const wanted = Array.from({ length: total }, (_, at) => `${at + 1}/${total}`)
  if (wanted.length === 0) return 'there is no part of it'
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) return `part ${twice} is there twice`
  const beyond = names.find((name) => !wanted.includes(name))
  if (beyond !== undefined) return `there can be no part ${beyond}`
  const missing = wanted.filter((name) => !names.includes(name))
  if (missing.length === 0) return undefined
  return missing.length === 1 ? `part ${missing[0]} is missing` : `parts ${missing.join(', ')} are missing`
}
