/** One side of a comparison: runs once and says how long it took, or how large what it made is. */
type Side = () => Promise<number>

/** What the sides say. */
type Unit = 'ms' | 'bytes'

export interface Benchmark {
  readonly name: string
  /** What is measured, against what. */
  readonly question: string
  /** The ratio that A over B must not pass. */
  readonly atMost: number
  readonly pairs: number
  /** Default milliseconds. */
  readonly unit?: Unit
  readonly a: Side
  readonly b: Side
  readonly prepare?: () => Promise<void>
}

export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

export interface Measured {
  readonly name: string
  readonly question: string
  readonly atMost: number
  readonly pairs: number
  readonly unit: Unit
  readonly ratio: Spread
  readonly a: Spread
  readonly b: Spread
}

/**
 * Runs A and B in turn, A B B A A B …, so that a machine that gets slower or faster meanwhile does not favour
 * either, and takes the ratio within each pair. `prepare` warms up whatever is to be warm.
 */
export async function measure(benchmark: Benchmark): Promise<Measured> {
  await benchmark.prepare?.()
  const [a, b]: [number[], number[]] = [[], []]
  for (let pair = 0; pair < benchmark.pairs; pair++) {
    const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const side of order) {
      if (side === 0) a.push(await benchmark.a())
      else b.push(await benchmark.b())
    }
  }
  const { name, question, atMost, pairs, unit = 'ms' } = benchmark
  const ratio = spread(a.map((value, index) => value / (b[index] ?? Number.NaN)))
  return { name, question, atMost, pairs, unit, ratio, a: spread(a), b: spread(b) }
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const half = (sorted.length - 1) / 2
  return { min: at(0), median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, max: at(sorted.length - 1) }
}
