import { posix } from 'node:path'
import picomatch from 'picomatch'
import type { MeshConfig, Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'

type Exception = MeshConfig['preserve']['exceptions'][number]

/** No exception may be agreed on for longer. */
const LONGEST_DAYS = 90

const DAY_MS = 24 * 60 * 60 * 1000

export interface Exceptions {
  /** Whether a change of a file was agreed on; of several exceptions that cover it each counts as used. */
  excuse(path: string, ...changes: readonly Exception['change'][]): boolean
  /**
   * The same for a change that only the base's baseline tells of: an exception of the base covers it too, so that a
   * renewed baseline and the end of its exception can be one change.
   */
  excuseHidden(path: string, ...changes: readonly Exception['change'][]): boolean
  /**
   * One check for each exception: whether it still holds, and still covers anything. Asked last; `complete` is whether
   * everything was looked at that an exception may cover.
   */
  checks(complete: boolean): readonly Check[]
}

/** The exceptions of mesh.yml on a day, and those of the base. One that has expired excuses nothing. */
export function readExceptions(project: Project, today: Date, ofBase: readonly Exception[] = []): Exceptions {
  const own = project.config.preserve.exceptions.map((exception) => covering(exception, today))
  const earlier = ofBase.map((exception) => covering(exception, today))
  const used = new Set<Covering>()
  const usedHidden = new Set<Covering>()
  const find = (some: readonly Covering[], path: string, changes: readonly Exception['change'][]) =>
    some.filter((one) => !one.refused && changes.includes(one.exception.change) && one.covers(path))
  return {
    excuse(path, ...changes) {
      const found = find(own, path, changes)
      for (const one of found) used.add(one)
      return found.length > 0
    },
    excuseHidden(path, ...changes) {
      const found = find(own, path, changes)
      for (const one of found) usedHidden.add(one)
      return found.length > 0 || find(earlier, path, changes).length > 0
    },
    checks: (complete) =>
      own.map((one, index): Check => {
        const { exception, refused } = one
        const line = project.place(['preserve', 'exceptions', index])?.line
        const check = {
          id: `exceptions/${index + 1}`,
          title: `the exception for ${exception.path} (${exception.change}) holds`,
          location: { file: project.file, ...(line === undefined ? {} : { line }) },
        }
        if (refused) return { ...check, verdict: 'fail', ...refused }
        if (used.has(one)) {
          const { reason, owner, expires } = exception
          return { ...check, verdict: 'pass', detail: `${reason} (${owner}, until ${expires})` }
        }
        if (usedHidden.has(one)) {
          const wasThere = ofBase.some((other) => same(other, exception))
          return { ...check, verdict: 'fail', ...(wasThere ? RENEWED : RENEWED_AT_ONCE) }
        }
        if (!complete && (exception.change === 'tests' || exception.change === 'modified')) {
          return { ...check, verdict: 'skipped', detail: 'only a run of the reference could need it' }
        }
        return { ...check, verdict: 'fail', detail: 'nothing needs it any more', fix: 'take it out' }
      }),
  }
}

const RENEWED = { detail: 'the baseline was renewed, so nothing needs it any more', fix: 'take it out' }
const RENEWED_AT_ONCE = {
  detail: 'the baseline was renewed in the same change, so nothing would need it once this is merged',
  fix: 'keep the old line of the baseline; renew it and take the exception out after this is merged',
}

interface Covering {
  readonly exception: Exception
  /** Why it does not count today. */
  readonly refused: Pick<Check, 'detail' | 'fix'> | undefined
  readonly covers: (path: string) => boolean
}

function covering(exception: Exception, today: Date): Covering {
  const folder = posix.normalize(exception.path).replace(/(?<=.)\/$/, '')
  const matches = picomatch(exception.path, { dot: true, nonegate: true })
  return {
    exception,
    refused: refusal(exception, today),
    covers: (path) => path === folder || path.startsWith(`${folder}/`) || matches(path),
  }
}

function same(one: Exception, other: Exception): boolean {
  return one.path === other.path && one.change === other.change
}

/** Why an exception does not count on a day; undefined when it does. Its last day is whole, in UTC. */
function refusal({ expires }: Exception, today: Date): Covering['refused'] {
  const days = (Date.parse(expires) - Date.parse(today.toISOString().slice(0, 10))) / DAY_MS
  if (days < 0) {
    return { detail: `it expired on ${expires}`, fix: 'undo the change, or agree on it anew' }
  }
  if (days > LONGEST_DAYS) {
    const latest = new Date(today.getTime() + LONGEST_DAYS * DAY_MS).toISOString().slice(0, 10)
    return {
      detail: `it expires on ${expires}, more than ${LONGEST_DAYS} days ahead`,
      fix: `let it expire by ${latest}`,
    }
  }
  return undefined
}
