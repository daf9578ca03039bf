import { z } from 'zod'
import { ConfigurationError } from '../result/configuration-error.ts'
import { JOB_NAMES, type Job } from './pipeline.ts'

/** How a job ended, as the runner tells those that need it. */
export interface JobOutcome {
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped'
  /** The attempt of the run in which it ran last; undefined where it does not say. */
  readonly attempt: number | undefined
  /** Why a step of it failed, in one line, where it had something to say; text of the project's may be in it. */
  readonly cause: string | undefined
}

const needSchema = z.object({
  result: z.enum(['success', 'failure', 'cancelled', 'skipped']),
  // Of a skipped job act gives the text of the expressions, and null for a job without outputs.
  outputs: z.record(z.string(), z.unknown()).nullish(),
})

/**
 * Reads `toJSON(needs)`: how each job of the pipeline ended. Throws a ConfigurationError when it is not that, or when
 * a job of the pipeline is not in it: one that nobody waited for could be red unseen.
 */
export function readNeeds(text: string): ReadonlyMap<Job, JobOutcome> {
  const needs = parsed(text)
  return new Map(
    JOB_NAMES.map((job) => {
      const need = needSchema.safeParse(needs[job])
      if (!need.success) {
        throw new ConfigurationError(
          `needs: ${job in needs ? `${job} has no result` : `there is no ${job}`}`,
          {
            fix: 'the job with pipeline-report needs every job of the pipeline, and hands it toJSON(needs)',
          },
        )
      }
      const { result, outputs } = need.data
      const attempt = Number(result === 'skipped' ? Number.NaN : outputs?.attempt)
      const cause = result === 'skipped' ? undefined : outputs?.cause
      return [
        job,
        {
          result,
          attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : undefined,
          cause: typeof cause === 'string' && cause !== '' ? cause : undefined,
        },
      ]
    }),
  )
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch {
    throw new ConfigurationError('needs: it is no JSON of jobs', { fix: 'give the expression toJSON(needs)' })
  }
}
