/** What a check or a stage came to. `inconclusive`: it could not be proven either way. `skipped`: not asked. */
export const VERDICTS = ['pass', 'fail', 'inconclusive', 'skipped'] as const

export type Verdict = (typeof VERDICTS)[number]

const WEIGHT: Readonly<Record<Verdict, number>> = { skipped: 0, pass: 1, inconclusive: 2, fail: 3 }

/** The worse of two verdicts: fail > inconclusive > pass. `skipped` changes nothing. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return WEIGHT[a] >= WEIGHT[b] ? a : b
}

/** Whether somebody has to look: what failed, and what could not be proven. */
export function isOpen(verdict: Verdict): boolean {
  return verdict === 'fail' || verdict === 'inconclusive'
}

/**
 * The verdict over many: the worst of them.
 * Where nothing ran (no verdict at all, or only skipped ones) it is `inconclusive`: emptiness is never green.
 */
export function overall(verdicts: Iterable<Verdict>): Exclude<Verdict, 'skipped'> {
  let sum: Verdict = 'skipped'
  for (const verdict of verdicts) sum = worse(sum, verdict)
  return sum === 'skipped' ? 'inconclusive' : sum
}
