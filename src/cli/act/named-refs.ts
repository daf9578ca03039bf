import { posix } from 'node:path'
import { parse } from 'yaml'
import { SUITE } from '../../platform/suite.ts'

/** Text of a file by its path; undefined where there is none. */
export type Reader = (path: string) => string | undefined

/**
 * Every ref by which a workflow and what it uses name the suite: `v1`, a full SHA. What the suite's own workflows and
 * composites name counts too, and so do workflows and actions of the project itself (`./…`).
 */
export function namedRefs(workflow: string, project: Reader, suite: Reader): readonly string[] {
  const refs = new Set<string>()
  const seen = new Set<string>()
  const follow = (from: 'project' | 'suite', path: string) => {
    if (seen.has(`${from}:${path}`)) return
    seen.add(`${from}:${path}`)
    const read = from === 'project' ? project : suite
    for (const uses of usesIn(read(path) ?? '')) {
      const [, inSuite, ref] = NAMED.exec(uses) ?? []
      if (ref !== undefined) {
        refs.add(ref)
        follow('suite', fileOf(inSuite ?? ''))
      } else if (uses.startsWith('./')) {
        follow(from, fileOf(posix.normalize(uses)))
      }
    }
  }
  follow('project', workflow)
  return [...refs].sort()
}

const NAMED = new RegExp(`^${SUITE}(?:/([^@]*))?@(.+)$`)

/** The file behind what a `uses` names: a workflow, or an action's folder. */
function fileOf(named: string): string {
  return /\.ya?ml$/.test(named) ? named : posix.join(named, 'action.yml')
}

/** The value of each `uses` in a workflow or a composite; none of what is no YAML, about which act itself complains. */
function usesIn(text: string): readonly string[] {
  let document: unknown
  try {
    document = parse(text)
  } catch {
    return []
  }
  const found: string[] = []
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'uses' && typeof inner === 'string') found.push(inner)
      else visit(inner)
    }
  }
  visit(document)
  return found
}
