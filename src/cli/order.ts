import type { Action } from '../platform/declare.ts'

/**
 * Which of these stages, given in the order of a pipeline, each of them waits for. Where one that it comes after does
 * not run, it waits for those that that one comes after.
 */
export function waitsFor(
  stages: ReadonlyMap<string, Pick<Action, 'after'>>,
  running: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const names = [...stages.keys()]
  const before = (name: string): readonly string[] => {
    const after = stages.get(name)?.after ?? names.slice(0, names.indexOf(name))
    return [...new Set(after.flatMap((one) => (running.has(one) ? [one] : before(one))))]
  }
  return new Map([...running].map((name) => [name, before(name)]))
}

/** Begins work in its order, whatever the order in which it is handed over. */
export type InOrder = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Lets each work begin when all that it waits for has ended well; it fails with what that failed with. */
export function inOrder(order: ReadonlyMap<string, readonly string[]>): InOrder {
  const settle = new Map<string, (outcome: Promise<unknown>) => void>()
  const ends = new Map(
    [...order.keys()].map((name) => {
      const end = new Promise((resolve) => settle.set(name, resolve))
      // Nobody may wait for it.
      end.catch(() => undefined)
      return [name, end] as const
    }),
  )
  return (name, work) => {
    const outcome = Promise.all((order.get(name) ?? []).map((one) => ends.get(one))).then(work)
    settle.get(name)?.(outcome)
    return outcome
  }
}
