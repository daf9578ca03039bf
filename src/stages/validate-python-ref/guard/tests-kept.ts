import type { Check } from '../../../result/stage-result.ts'
import type { BaselineTest } from './baseline-file.ts'
import type { Exceptions } from './exceptions.ts'

const CHECK = { id: 'tests-kept', title: 'no test of the reference was deleted or switched off' }

/**
 * Holds the test functions against those of a baseline. Names may change; a fall in the number of tests that are not
 * skipped is red, less those whose file has an exception.
 */
export function testsKept(
  before: readonly BaselineTest[],
  now: readonly BaselineTest[],
  exceptions: Exceptions,
): Check {
  const current = new Map(now.map((test) => [test.id, test]))
  const known = new Set(before.map(({ id }) => id))
  const lost = before
    .filter((test) => !test.skipped)
    .map(({ id }) => ({ id, how: current.has(id) ? 'skipped' : 'deleted' }))
    .filter(({ id, how }) => how === 'deleted' || current.get(id)?.skipped)
  const unexcused = lost.filter(({ id }) => !exceptions.excuse(fileOf(id), 'tests', 'deleted', 'moved'))
  const gained = now.filter((test) => !test.skipped && !known.has(test.id)).length
  const revived = before.filter((test) => test.skipped && current.get(test.id)?.skipped === false).length
  const [were, are] = [
    before.filter((test) => !test.skipped).length,
    now.filter((test) => !test.skipped).length,
  ]
  const measured = { value: are, unit: 'count' } as const
  if (were === 0 && are === 0) return { ...CHECK, verdict: 'skipped', detail: 'there are none' }
  const named = names(lost)
  if (unexcused.length > gained + revived) {
    const [first] = unexcused
    return {
      ...CHECK,
      verdict: 'fail',
      detail: `${are} of ${were} are left: ${names(unexcused)}`,
      fix: 'bring them back, or agree on it: preserve.exceptions with change: tests',
      measured,
      limit: { kind: 'at-least', value: were, unit: 'count' },
      ...(first ? { location: { file: fileOf(first.id) } } : {}),
    }
  }
  return {
    ...CHECK,
    verdict: 'pass',
    detail: lost.length > 0 ? `${are} of ${were}; ${named}` : `${are}`,
    measured,
  }
}

const SHOWN = 2

function names(lost: readonly { readonly id: string; readonly how: string }[]): string {
  const shown = lost.slice(0, SHOWN).map(({ id, how }) => `${id} was ${how}`)
  return [...shown, ...(lost.length > SHOWN ? [`${lost.length - SHOWN} more`] : [])].join(', ')
}

function fileOf(id: string): string {
  return id.slice(0, id.indexOf('::'))
}
