import { resolve } from 'node:path'
import type { Project } from '../../../project/load.ts'
import { inProject } from './place.ts'
import type { NotedResult } from './pytest-record.ts'

/** What became of a test function, with all its parameters together. */
export interface FunctionResult {
  /** As a baseline names it, path::Class::name; of a module or folder that skips itself its path alone. */
  readonly id: string
  /** Whether it had to pass at least once: it was neither skipped nor expected to fail. */
  readonly ran: boolean
  /** Why not, in words. */
  readonly why?: string
}

/** What became of the test functions of a run of pytest whose rootdir is `root`. */
export function functionResults(
  project: Pick<Project, 'directory'>,
  root: string,
  results: readonly NotedResult[],
): readonly FunctionResult[] {
  const functions = new Map<string, FunctionResult>()
  for (const { id: node, outcome, why } of results) {
    const id = functionOf(project, root, node)
    if (id === undefined || functions.get(id)?.ran) continue
    const ran = outcome !== 'skipped' && outcome !== 'xfailed'
    const how = outcome === 'xfailed' ? 'expected to fail' : 'skipped'
    functions.set(id, { id, ran, ...(ran ? {} : { why: why ? `${how}: ${why}` : how }) })
  }
  return [...functions.values()]
}

/** Of tests/test_a.py::TestA::test_b[c::d] what stands before the parameters, from the project's folder on. */
function functionOf(project: Pick<Project, 'directory'>, root: string, node: string): string | undefined {
  const [file = '', ...rest] = node.split('::')
  const path = inProject(project, resolve(root, file))
  if (path === undefined) return undefined
  // pytest-xdist appends the group of a test with an @.
  const name = rest.join('::').replace(/[[@].*$/s, '')
  return name === '' ? path : `${path}::${name}`
}
