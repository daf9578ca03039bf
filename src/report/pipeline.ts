import { STAGES, type Stage } from '../result/stages.ts'

/**
 * The jobs of the pipeline, in their order, each with the stages that it proves something by. What sets a job up is
 * none of them.
 */
export const JOBS = {
  'validate-python-reference': ['validate-python-ref'],
  'build-go-binaries': ['cross-compile-go'],
  'integration-testing': ['go-python-integration', 'registry-parity'],
  'docker-build': ['docker-smoke'],
  'load-testing': ['load-test'],
} as const satisfies Readonly<Record<string, readonly Stage[]>>

export type Job = keyof typeof JOBS

/** The jobs' names, in the order in which they run. */
export const JOB_NAMES = Object.keys(JOBS) as readonly Job[]

/** The job that proves something by a stage; undefined for the one that only sets jobs up. */
export function jobOf(stage: Stage): Job | undefined {
  return JOB_NAMES.find((job) => (JOBS[job] as readonly Stage[]).includes(stage))
}

/** The stages that a pipeline proves something by, in the order in which they run. */
export const PROVING_STAGES: readonly Stage[] = STAGES.filter((stage) => jobOf(stage) !== undefined)
