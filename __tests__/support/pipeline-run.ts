import { actLines } from './act.ts'
import type { Ended } from './suite.ts'

/** A workflow that calls the pipeline with inputs. */
export const calling = (inputs: Readonly<Record<string, string>>) => `
on: push
jobs:
  mesh:
    uses: org/mesh-actions/.github/workflows/mesh-pipeline.yml@v1
    with: ${JSON.stringify(inputs)}
`

/** What the report job of a pipeline under act said: its outputs and its summary. */
export interface ReportJob {
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** Reads it from act's log; a run without a report is a mistake of the suite's. */
export function reportOf(ended: Ended): ReportJob {
  const lines = actLines(ended).filter(({ job }) => job?.replace(/^.*\//, '').trim() === 'report')
  const outputs = lines.flatMap(({ msg }) => {
    const [, name, value] = /::set-output:: ([\w-]+)=(.*)$/s.exec(msg) ?? []
    return name === undefined || value === undefined ? [] : [[name, value.trim()] as const]
  })
  // Of a job that ran the stages as well each has one; the report's is the last.
  const summary = lines
    .map(({ msg }) => /Summary - (.*)$/s.exec(msg)?.[1])
    .findLast((text) => text !== undefined)
  if (summary === undefined) {
    throw new Error(
      `no report; act said:\n${actLines(ended)
        .map(({ msg }) => msg)
        .join('\n')}`,
    )
  }
  return { outputs: Object.fromEntries(outputs), summary }
}
