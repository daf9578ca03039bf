import type { Stage } from '../result/stages.ts'

interface JobPlan {
  /** The stages that the job proves something by; what sets it up is none of them. */
  readonly stages: readonly Stage[]
  /** The job that has to end well before this one begins. */
  readonly after: string | undefined
}

/** The jobs of the pipeline, in their order. The workflow is made from this, and the report held against it. */
const JOBS = {
  'validate-python-reference': { stages: ['validate-python-ref'], after: undefined },
  'build-go-binaries': { stages: ['cross-compile-go'], after: 'validate-python-reference' },
  'integration-testing': {
    stages: ['go-python-integration', 'registry-parity'],
    after: 'build-go-binaries',
  },
  'docker-build': { stages: ['docker-smoke'], after: 'integration-testing' },
  'load-testing': { stages: ['load-test'], after: 'integration-testing' },
} as const satisfies Readonly<Record<string, JobPlan>>

/** Stages that have a place in the pipeline and no action yet. */
export const LATER_STAGES: readonly Stage[] = ['registry-parity', 'load-test']

export type Job = keyof typeof JOBS

/** The jobs' names, in the order in which they run. */
export const JOB_NAMES = Object.keys(JOBS) as readonly Job[]

/** The stages of a job, in the order in which they run. */
export function stagesOf(job: Job): readonly Stage[] {
  return JOBS[job].stages
}

/** The jobs that have to end well before this one begins, the nearest one first. */
export function jobsBefore(job: Job): readonly Job[] {
  const { after } = JOBS[job]
  return after === undefined ? [] : [after, ...jobsBefore(after)]
}
