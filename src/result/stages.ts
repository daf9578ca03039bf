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
