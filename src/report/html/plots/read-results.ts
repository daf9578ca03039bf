import type { z } from 'zod'
import type { StageResult } from '../../../result/stage-result.ts'
import type { Stage } from '../../../result/stages.ts'
import type { PipelineReport } from '../../model.ts'

/**
 * What the parts of a stage measured, each with its checks. A plot reads only the fields that it needs, and a part whose
 * data are of another form, from another version of the suite, has no place in it.
 */
export function readResults<D>(
  { stages }: PipelineReport,
  stage: Stage,
  schema: z.ZodType<D>,
): readonly StageResult<D>[] {
  return stages
    .filter((report) => report.stage === stage)
    .flatMap(({ results }) => results)
    .flatMap((result) => {
      const read = schema.safeParse(result.data)
      return read.success ? [{ ...result, data: read.data }] : []
    })
}
