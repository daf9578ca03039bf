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
        const causes = (setups[index] ?? []).flat().flatMap((one) => setupCause(one, stage.attempt) ?? [])
        const [found] = causes.sort((one, other) => other.attempt - one.attempt)
        return found ? [[job, found] as const] : []
      }),
    ),
  }
}

/** The same of a job that ran all stages itself, in this attempt: what sets it up is part of each job of the pipeline. */
export function evidenceOfFolder(evidence: readonly Evidence[], attempt: number): RunEvidence {
  const one = evidence.find(({ stage }) => stage === 'setup-mesh-toolchain')
  const found = one && setupCause(one, attempt)
  return { evidence, setups: new Map(found ? JOB_NAMES.map((job) => [job, found]) : []) }
}

/** Of what cannot be believed nobody knows the attempt: it is in doubt in this one. */
function setupCause({ result, fault }: Evidence, attempt: number): SetupCause | undefined {
  if (fault !== undefined) return { why: `its toolchain cannot be believed: ${fault}`, attempt }
  const why = result && cause(result)
  return why === undefined ? undefined : { why, attempt: result?.attempt ?? attempt }
}
