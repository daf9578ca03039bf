/** Part `index` (from 1) of `total` of what several jobs share out among them. */
export interface Shard {
  readonly index: number
  readonly total: number
}

/** What falls to a part: every `total`-th, so that the parts differ by one at most; without a part all of it. */
export function partOf<T>(all: readonly T[], shard: Shard | undefined): readonly T[] {
  return shard ? all.filter((_, position) => position % shard.total === shard.index - 1) : all
}
