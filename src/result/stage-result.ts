import { z } from 'zod'
import { STAGES } from './stages.ts'
import { VERDICTS } from './verdict.ts'

/** The units that a figure of a check may have. */
export const UNITS = ['ms', 'bytes', 'count', 'ratio', 'per-second'] as const

const quantitySchema = z
  .object({ value: z.number(), unit: z.enum(UNITS) })
  .describe('A measured figure with its unit')

const boundSchema = z
  .object({
    kind: z.enum(['at-most', 'at-least']),
    value: z.number(),
    unit: z.enum(UNITS),
  })
  .describe('The limit that a measured figure is held to')

const checkSchema = z
  .object({
    id: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*(\/.+)?$/)
      .describe('Stable name: the kind of check, then what it was asked of: built/registry/linux-amd64'),
    title: z.string().describe('The question, in words'),
    verdict: z.enum(VERDICTS),
    detail: z.string().optional().describe('What was found; of a red check the cause, in one line'),
    fix: z.string().optional().describe('What would make it green'),
    measured: quantitySchema.optional(),
    limit: boundSchema.optional(),
    location: z
      .object({
        file: z.string().describe('Relative to the repository'),
        line: z.number().int().positive().optional(),
        column: z.number().int().positive().optional(),
      })
      .optional()
      .describe('Where the cause stands; becomes an annotation'),
  })
  .describe('One question that a stage answered')

/** The value that a stage returns; every output, summary and report is drawn from it. */
export const stageResultSchema = z
  .object({
    schema: z.literal(1),
    stage: z.enum(STAGES),
    shard: z
      .string()
      .regex(/^\d+\/\d+$/)
      .optional()
      .describe('Which part of the work this job did: 2/4'),
    attempt: z.number().int().positive().describe('Which attempt of the run this was, from 1'),
    commit: z.string().describe('Full SHA of the commit under test, or unknown outside of git'),
    verdict: z.enum(['pass', 'fail', 'inconclusive']),
    startedAt: z.iso.datetime().describe('UTC'),
    durationMs: z.number().nonnegative(),
    checks: z.array(checkSchema),
    tools: z.record(z.string(), z.string()).describe('Versions of what was used: { go: go1.26.1 }'),
    data: z.unknown().describe('What the stage measured or made, in a schema of its own'),
  })
  .describe('StageResult: what one stage of mesh-actions found')

type Mutable = z.infer<typeof stageResultSchema>

export type Quantity = Readonly<z.infer<typeof quantitySchema>>
export type Bound = Readonly<z.infer<typeof boundSchema>>
export type Check = Readonly<z.infer<typeof checkSchema>>
export type StageResult<D = unknown> = Readonly<Omit<Mutable, 'data' | 'checks'>> & {
  readonly checks: readonly Check[]
  readonly data: D
}
