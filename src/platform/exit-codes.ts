import type { Verdict } from '../result/verdict.ts'

/** What the process's exit code says: 0 pass, 1 fail, 2 configuration or usage, 3 inconclusive, 130 interrupted. */
export const EXIT = { configuration: 2, interrupted: 130 } as const

export function exitCode(verdict: Verdict): number {
  switch (verdict) {
    case 'pass':
    case 'skipped':
      return 0
    case 'fail':
      return 1
    case 'inconclusive':
      return 3
    default:
      return verdict satisfies never
  }
}
