/** The stages in the order in which a pipeline runs them. A stage and its action have one name everywhere. */
export const STAGES = [
  'setup-mesh-toolchain',
  'validate-python-ref',
  'cross-compile-go',
  'go-python-integration',
  'registry-parity',
  'docker-smoke',
  'load-test',
] as const

export type Stage = (typeof STAGES)[number]

/** What has to run before a stage in the same terminal: whose folders, environment and programs it takes over. */
const NEEDS: Readonly<Record<Stage, readonly Stage[]>> = {
  'setup-mesh-toolchain': [],
  'validate-python-ref': ['setup-mesh-toolchain'],
  // The Go on PATH is enough for it: go.mod says which one that fetches.
  'cross-compile-go': [],
  'go-python-integration': ['setup-mesh-toolchain', 'cross-compile-go'],
  'registry-parity': ['setup-mesh-toolchain', 'cross-compile-go'],
  'docker-smoke': ['setup-mesh-toolchain', 'cross-compile-go'],
  'load-test': ['setup-mesh-toolchain', 'cross-compile-go'],
}

/** The command, word by word, that does in a terminal what a job did: the stage after those that it needs. */
export function localCommand(stage: Stage): readonly string[] {
  return ['mesh-actions', 'run', ...NEEDS[stage], stage]
}
