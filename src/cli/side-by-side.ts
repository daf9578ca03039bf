import type { Action } from '../platform/declare.ts'

/**
 * Stages, given in the order of a pipeline, as they run on one machine: those of one list side by side, list after
 * list. Each is in the first list that comes after everything that it waits for.
 */
export function sideBySide<A extends readonly [name: string, declared: Pick<Action, 'beside'>]>(
  stages: readonly A[],
): readonly (readonly A[])[] {
  const lists: A[][] = []
  for (const one of stages) {
    const [, { beside = [] }] = one
    const lastBefore = lists.findLastIndex((list) =>
      list.some(([name]) => !beside.some((stage) => stage === name)),
    )
    const list = lists[lastBefore + 1]
    if (list) list.push(one)
    else lists.push([one])
  }
  return lists
}
