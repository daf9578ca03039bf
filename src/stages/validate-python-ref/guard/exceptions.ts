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
   * One check for each exception: whether it still holds, and still covers anything. Asked last; `complete` is whether
   * everything was looked at that an exception may cover.
   */
  checks(complete: boolean): readonly Check[]
}

/** The exceptions of mesh.yml on a day. One that has expired excuses nothing. */
export function readExceptions(project: Project, today: Date): Exceptions {
  const all = project.config.preserve.exceptions.map((exception, index) => ({
    exception,
    index,
    refused: refusal(exception, today),
    matches: picomatch(exception.path, { dot: true }),
    used: false,
  }))
  return {
    excuse(path, ...changes) {
      const covering = all.filter(
        ({ exception, matches, refused }) =>
          !refused &&
          changes.includes(exception.change) &&
          (exception.path === path || path.startsWith(`${exception.path}/`) || matches(path)),
      )
      for (const one of covering) one.used = true
      return covering.length > 0
    },
    checks: (complete) =>
      all.map(({ exception, index, refused, used }): Check => {
        const line = project.place(['preserve', 'exceptions', index])?.line
        const check = {
          id: `exceptions/${index + 1}`,
          title: `the exception for ${exception.path} (${exception.change}) holds`,
          location: { file: project.file, ...(line === undefined ? {} : { line }) },
        }
        if (refused) return { ...check, verdict: 'fail', ...refused }
        if (!used && !complete && exception.change === 'tests') {
          return { ...check, verdict: 'skipped', detail: 'no test was run that could need it' }
        }
        if (!used)
          return { ...check, verdict: 'fail', detail: 'nothing needs it any more', fix: 'take it out' }
        const { reason, owner, expires } = exception
        return { ...check, verdict: 'pass', detail: `${reason} (${owner}, until ${expires})` }
      }),
  }
}

/** Why an exception does not count on a day; undefined when it does. Its last day is whole, in UTC. */
function refusal({ expires }: Exception, today: Date): Pick<Check, 'detail' | 'fix'> | undefined {
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
