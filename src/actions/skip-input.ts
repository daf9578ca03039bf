import { input } from '../platform/declare.ts'
import { JOB_NAMES, stagesOf } from '../report/pipeline.ts'

/** Stages of the pipeline that are left out: the same words for every action that is told of them. */
export function skipInput(description: string) {
  return input.someOrNone(description, JOB_NAMES.flatMap(stagesOf))
}
