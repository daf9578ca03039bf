import { JOB_NAMES, stagesOf } from '../../../src/report/pipeline.ts'
import { rendered } from '../rendered.ts'
import { SUITE } from '../suite.ts'
import {
  expression,
  handedOn,
  NETRC,
  outputDescription,
  PIPELINE_INPUTS,
  PIPELINE_OUTPUTS,
} from './inputs.ts'
import { guardStep, present, setupStep, stageStep, uses, wanted } from './steps.ts'

/** The root action.yml: the same stages and the same report in one job. */
export async function rootAction(): Promise<string> {
  const offered = Object.entries(PIPELINE_INPUTS).filter(([, input]) => !input.ofJobs)
  return rendered('src/report/pipeline.ts and scripts/generate/pipeline/', {
    name: 'mesh-actions',
    description: "Proves that a service mesh's move from Python to Go loses nothing: all stages in one job",
    author: SUITE,
    branding: { icon: 'git-merge', color: 'blue' },
    inputs: Object.fromEntries(
      [...offered, ['netrc', NETRC] as const].map(([name, { description, default: value }]) => [
        name,
        { description, required: false, default: String(value) },
      ]),
    ),
    outputs: Object.fromEntries(
      PIPELINE_OUTPUTS.map((name) => [
        name,
        {
          description: outputDescription(name),
          value: expression(`steps.pipeline-report.outputs.${name}`),
        },
      ]),
    ),
    runs: {
      using: 'composite',
      steps: [
        { if: expression(wanted(['validate-python-ref'])), ...(await guardStep()) },
        await setupStep('inputs.netrc'),
        ...(await Promise.all(
          present(JOB_NAMES.flatMap(stagesOf)).map(async (stage) => ({
            if: expression(wanted([stage])),
            ...(await stageStep(stage)),
          })),
        )),
        {
          id: 'pipeline-report',
          if: 'always()',
          uses: uses('pipeline-report'),
          with: { needs: needsOfSteps(), evidence: 'folder', ...(await handedOn('pipeline-report')) },
        },
      ],
    },
  })
}

/** How the stages ended, as if each were a job: what sets the job up is part of each. */
function needsOfSteps(): string {
  const jobs = JOB_NAMES.map((job) => {
    const [stage] = present(stagesOf(job))
    if (stage === undefined) return `"${job}":{"result":"skipped"}`
    const before =
      job === 'validate-python-reference' ? ['guard', 'setup-mesh-toolchain'] : ['setup-mesh-toolchain']
    const isRed = before.map((step) => `steps.${step}.outcome == 'failure'`).join(' || ')
    const result = expression(
      `contains(inputs.skip, '${stage}') && 'skipped' || (${isRed}) && 'failure' || steps.${stage}.outcome || 'skipped'`,
    )
    const causes = [...before, stage].map((step) => `steps.${step}.outputs.cause`).join(' || ')
    return `"${job}":{"result":"${result}","outputs":{"cause":${expression(`toJSON(${causes} || '')`)}}}`
  })
  return `{${jobs.join(',')}}`
}
