import type { Action } from '../platform/declare.ts'

/**
 * The actions by name, each a chunk of its own that is loaded when it runs. Those that run a stage have its name and
 * stand in the order in which a pipeline runs them.
 */
export const ACTIONS = {
  'setup-mesh-toolchain': () => import('./setup-mesh-toolchain.ts'),
  'validate-python-ref': () => import('./validate-python-ref.ts'),
  'cross-compile-go': () => import('./cross-compile-go.ts'),
  'go-python-integration': () => import('./go-python-integration.ts'),
  'docker-smoke': () => import('./docker-smoke.ts'),
  'pipeline-report': () => import('./pipeline-report.ts'),
  'download-binaries': () => import('./download-binaries.ts'),
} as const satisfies Readonly<Record<string, () => Promise<{ readonly default: unknown }>>>

export type ActionName = keyof typeof ACTIONS

/** Loads an action's declaration. */
export async function loadAction(name: ActionName): Promise<Action> {
  // What an action takes differs from one to the next; who runs any of them only parses and hands on.
  return (await ACTIONS[name]()).default as unknown as Action
}

/** The report of a run in a terminal; `refused` says why stages have no result, by their names. */
export async function loadReport(refused: ReadonlyMap<string, string>): Promise<Action> {
  return (await ACTIONS['pipeline-report']()).reportWithout(refused) as unknown as Action
}
