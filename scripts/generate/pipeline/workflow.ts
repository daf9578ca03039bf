import { JOB_NAMES, type Job, jobsBefore, stagesOf } from '../../../src/report/pipeline.ts'
import { CHECKOUT, CHECKOUT_VERSION } from '../checkout.ts'
import { rendered } from '../rendered.ts'
import {
  expression,
  handedOn,
  NETRC,
  outputDescription,
  PIPELINE_INPUTS,
  PIPELINE_OUTPUTS,
} from './inputs.ts'
import { guardStep, present, setupStep, stageStep, uses, wanted } from './steps.ts'

/** What each job needs of the toolchain. */
const SETUP_OF: Readonly<Record<Job, Readonly<Record<string, string>>>> = {
  'validate-python-reference': { go: 'false' },
  'build-go-binaries': { python: 'false', shard: expression('matrix.shard') },
  'integration-testing': {},
  // Agents register with the image from outside of it.
  'docker-build': { go: 'false' },
  'load-testing': { go: 'false' },
}

/** `.github/workflows/mesh-pipeline.yml`: the five jobs and the report over them. */
export async function pipelineWorkflow(): Promise<string> {
  const workflow = {
    name: 'mesh-pipeline',
    on: {
      workflow_call: {
        inputs: Object.fromEntries(
          Object.entries(PIPELINE_INPUTS).map(([name, input]) => [
            name,
            {
              description: input.description,
              type: typeof input.default,
              required: false,
              default: input.default,
            },
          ]),
        ),
        secrets: { netrc: { description: NETRC.description, required: false } },
        outputs: Object.fromEntries(
          PIPELINE_OUTPUTS.map((name) => [
            name,
            { description: outputDescription(name), value: expression(`jobs.report.outputs.${name}`) },
          ]),
        ),
      },
    },
    permissions: { contents: 'read' },
    jobs: {
      ...Object.fromEntries(await Promise.all(JOB_NAMES.map(async (job) => [job, await jobOf(job)]))),
      report: await reportJob(),
    },
  }
  return rendered('src/report/pipeline.ts and scripts/generate/pipeline/', workflow).replaceAll(
    CHECKOUT,
    `${CHECKOUT} # ${CHECKOUT_VERSION}`,
  )
}

async function jobOf(job: Job) {
  const before = jobsBefore(job)
  const stages = present(stagesOf(job))
  const ids = [...(job === 'validate-python-reference' ? ['guard'] : []), 'setup-mesh-toolchain', ...stages]
  return {
    // Without an expression: GitHub shows that of a matrix that was skipped as it stands.
    name: job,
    ...(before.length === 0 ? {} : { needs: before.toReversed() }),
    if: expression(
      [
        // A job that ran out of its time counts as cancelled, the run then does not.
        ...(before.length === 0
          ? []
          : ['!cancelled()', '!failure()', "!contains(needs.*.result, 'cancelled')"]),
        stages.length === 0 ? 'false' : wanted(stages),
      ].join(' && '),
    ),
    ...(job === 'build-go-binaries'
      ? { strategy: { 'fail-fast': false, matrix: { shard: expression('fromJSON(inputs.build-shards)') } } }
      : {}),
    'runs-on': expression('fromJSON(inputs.runs-on)'),
    'timeout-minutes': expression('inputs.timeout-minutes'),
    outputs: {
      // The report tells by it whether evidence is of the attempt in which the job ran last.
      attempt: expression('github.run_attempt'),
      // Of a step that left no result.
      cause: expression(ids.map((id) => `steps.${id}.outputs.cause`).join(' || ')),
    },
    steps: [checkout(job === 'validate-python-reference'), ...(await stepsOf(job))],
  }
}

function checkout(withBase: boolean) {
  return {
    uses: CHECKOUT,
    // The merge commit of a pull request and its base: the guard asks what the change took out of its own baseline.
    with: { 'persist-credentials': false, ...(withBase ? { 'fetch-depth': 2 } : {}) },
  }
}

/** The steps of a job after its checkout: what is guarded first, the toolchain, its stages. */
async function stepsOf(job: Job) {
  const stages = present(stagesOf(job))
  const shard: Record<string, string> =
    job === 'build-go-binaries' ? { shard: expression('matrix.shard') } : {}
  return [
    ...(job === 'validate-python-reference' ? [await guardStep()] : []),
    await setupStep('secrets.netrc', SETUP_OF[job]),
    ...(await Promise.all(
      stages.map(async (stage) => ({
        // One stage's red does not hide another's.
        ...(stages.length > 1
          ? {
              if: expression(
                `!cancelled() && steps.setup-mesh-toolchain.outcome == 'success' && ${wanted([stage])}`,
              ),
            }
          : {}),
        ...(await stageStep(stage, shard)),
      })),
    )),
  ]
}

async function reportJob() {
  // Without a checkout the project has no folder to work in, only a name.
  const { 'working-directory': project, ...given } = await handedOn('pipeline-report')
  return {
    name: 'report',
    needs: [...JOB_NAMES],
    if: 'always()',
    'runs-on': expression('fromJSON(inputs.runs-on)'),
    'timeout-minutes': expression('inputs.timeout-minutes'),
    outputs: Object.fromEntries(
      PIPELINE_OUTPUTS.map((name) => [name, expression(`steps.pipeline-report.outputs.${name}`)]),
    ),
    steps: [
      {
        id: 'pipeline-report',
        uses: uses('pipeline-report'),
        with: { needs: expression('toJSON(needs)'), project, ...given },
      },
    ],
  }
}
