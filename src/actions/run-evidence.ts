import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { ActionContext } from '../platform/declare.ts'
import { OUT } from '../platform/out-folder.ts'
import { allEnded } from '../process/all-ended.ts'
import { type Evidence, readEvidence } from '../report/evidence.ts'
import type { SetupCause } from '../report/judge-stage.ts'
import { JOB_NAMES, type Job, stagesOf } from '../report/pipeline.ts'
import { cause } from '../result/judge.ts'
import type { StageResult } from '../result/stage-result.ts'

/** What the jobs of this run left, and why the toolchain of a job was red where it was. */
export interface RunEvidence {
  readonly evidence: readonly Evidence[]
  readonly setups: ReadonlyMap<Job, SetupCause>
}

const DOWNLOADS_AT_ONCE = 4
const PART = /^(-\d+-of-\d+)?$/

/** Fetches the artifacts of this pipeline's stages and reads them. Throws a ConfigurationError when that cannot be done. */
export async function evidenceOfRun({
  artifacts,
  artifactName,
  stage,
}: Pick<ActionContext<Record<never, never>>, 'artifacts' | 'artifactName' | 'stage'>): Promise<RunEvidence> {
  const names = await artifacts.list()
  const folder = await mkdtemp(join(stage.temporary, 'evidence-'))
  const limit = pLimit(DOWNLOADS_AT_ONCE)
  const read = (base: string) =>
    allEnded(
      names
        .filter((name) => name.startsWith(base) && PART.test(name.slice(base.length)))
        .map((name) =>
          limit(async () => {
            await artifacts.download(name, join(folder, name))
            return readEvidence(join(folder, name, OUT))
          }),
        ),
    )
  const stages = JOB_NAMES.flatMap(stagesOf)
  const [found, setups] = await allEnded([
    allEnded(stages.map((one) => read(artifactName(one)))),
    allEnded(JOB_NAMES.map((job) => read(`${artifactName('setup-mesh-toolchain')}-${job}`))),
  ])
  return {
    evidence: found.flat(2),
    setups: new Map(
      JOB_NAMES.flatMap((job, index) => {
        const [newest] = (setups[index] ?? [])
          .flat()
          .flatMap(({ result }) => (result ? [result] : []))
          .sort((one, other) => other.attempt - one.attempt)
        const found = newest && setupCause(newest)
        return found ? [[job, found] as const] : []
      }),
    ),
  }
}

/** The same of a job that ran all stages itself: what sets it up is part of each job of the pipeline. */
export function evidenceOfFolder(evidence: readonly Evidence[]): RunEvidence {
  const result = evidence.find(({ stage }) => stage === 'setup-mesh-toolchain')?.result
  const found = result && setupCause(result)
  return { evidence, setups: new Map(found ? JOB_NAMES.map((job) => [job, found]) : []) }
}

function setupCause(result: StageResult): SetupCause | undefined {
  const why = cause(result)
  return why === undefined ? undefined : { why, attempt: result.attempt }
}
