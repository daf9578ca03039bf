import { stringify } from 'yaml'
import { loadAction } from '../../src/actions/index.ts'
import { allInputs, COMMON_INPUTS, kebabCase, STAGE_INPUTS } from '../../src/platform/declare.ts'
import { JOB_NAMES, JOBS, type Job, LATER_STAGES, stagesOf } from '../../src/report/pipeline.ts'
import type { Stage } from '../../src/result/stages.ts'
import { REF, SUITE } from './suite.ts'

/** The only action of others that the pipeline uses. */
const CHECKOUT = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd'
const CHECKOUT_VERSION = 'v6.0.2'

const setup = await loadAction('setup-mesh-toolchain')
const report = await loadAction('pipeline-report')

/** An input of the pipeline: of the workflow, and of the root action where it means something in one job. */
interface PipelineInput {
  readonly description: string
  readonly default: string | number | boolean
  /** Jobs are what only the workflow has. */
  readonly ofJobs?: true
}

const own = (description: string, value: string) => ({ description, default: value })
const declared = (input: { readonly description: string; readonly default: string }) => ({
  description: input.description,
  default: input.default,
})

/** What the pipeline takes, in the order in which it is shown. */
export const PIPELINE_INPUTS: Readonly<Record<string, PipelineInput>> = {
  name: declared(COMMON_INPUTS.name),
  config: declared(COMMON_INPUTS.config),
  'working-directory': declared(COMMON_INPUTS.workingDirectory),
  environment: declaredBy(setup, 'environment'),
  'runs-on': {
    ...own('Labels of the runners, as JSON: a text or a list', '"ubuntu-latest"'),
    ofJobs: true,
  },
  'go-version': declaredBy(setup, 'goVersion'),
  'python-version': declaredBy(setup, 'pythonVersion'),
  platforms: declaredBy(setup, 'platforms'),
  'build-shards': {
    ...own(
      'Parts of the platforms that are built side by side, as JSON: ["1/4","2/4","3/4","4/4"]',
      '["1/1"]',
    ),
    ofJobs: true,
  },
  skip: declaredBy(report, 'skip'),
  'on-inconclusive': declared(STAGE_INPUTS.onInconclusive),
  'timeout-minutes': { description: 'How long each job may take', default: 30, ofJobs: true },
  'artifact-retention-days': {
    description: STAGE_INPUTS.retentionDays.description,
    default: 0,
  },
  'upload-report': { description: declaredBy(report, 'uploadReport').description, default: true },
}

/** What the pipeline gives, by the output of pipeline-report that it is. */
export const PIPELINE_OUTPUTS = ['verdict', 'partial', 'stages', 'report-artifact', 'image-sizes'] as const

/** The one secret: content of a .netrc, for private modules. */
export const NETRC = declaredBy(setup, 'netrc')

const COMMON_WITH = ['config', 'working-directory', 'name']

/** Where a value of the pipeline's goes that an action calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = { 'retention-days': 'artifact-retention-days' }

function declaredBy(action: Parameters<typeof allInputs>[0], name: string) {
  const input = allInputs(action)[name]
  if (!input) throw new Error(`no input ${name}`)
  return declared(input)
}

/** `.github/workflows/mesh-pipeline.yml`: the five jobs and the report over them. */
export async function pipelineWorkflow(): Promise<string> {
  return render('src/report/pipeline.ts and scripts/generate/pipeline.ts', {
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
      report: reportJob(),
    },
  })
}

async function jobOf(job: Job) {
  const { after } = JOBS[job]
  const stages = stagesOf(job)
  const isBuild = job === 'build-go-binaries'
  const condition = [
    ...(after === undefined ? [] : ['!cancelled()', '!failure()']),
    ...(stages.every((stage) => LATER_STAGES.includes(stage)) ? ['false'] : [wanted(stages)]),
  ]
  return {
    name: isBuild
      ? expression(`matrix.shard == '1/1' && '${job}' || format('${job} ({0})', matrix.shard)`)
      : job,
    ...(after === undefined ? {} : { needs: after }),
    if: expression(condition.join(' && ')),
    ...(isBuild
      ? { strategy: { 'fail-fast': false, matrix: { shard: expression('fromJSON(inputs.build-shards)') } } }
      : {}),
    'runs-on': expression('fromJSON(inputs.runs-on)'),
    'timeout-minutes': expression('inputs.timeout-minutes'),
    // The report tells by it whether evidence is of the attempt in which the job ran last.
    outputs: { attempt: expression('github.run_attempt') },
    steps: [checkout(job === 'validate-python-reference'), ...(await stepsOf(job))],
  }
}

/** True where one of these stages is wanted. No stage's name is part of another's. */
function wanted(stages: readonly Stage[]): string {
  const kept = stages.filter((stage) => !LATER_STAGES.includes(stage))
  const each = kept.map((stage) => `!contains(inputs.skip, '${stage}')`)
  return each.length > 1 ? `(${each.join(' || ')})` : each.join('')
}

function checkout(withBase: boolean) {
  return {
    uses: CHECKOUT,
    // The merge commit of a pull request and its base: the guard asks what the change took out of its own baseline.
    with: { 'persist-credentials': false, ...(withBase ? { 'fetch-depth': 2 } : {}) },
  }
}

const SETUP_OF: Readonly<Record<Job, Readonly<Record<string, string>>>> = {
  'validate-python-reference': { go: 'false' },
  'build-go-binaries': { python: 'false' },
  'integration-testing': {},
  // Agents register with the image from outside of it.
  'docker-build': { go: 'false' },
  'load-testing': { go: 'false' },
}

/** The steps of a job after its checkout: what is guarded first, the toolchain, its stages. */
async function stepsOf(job: Job, one: { readonly inOneJob: boolean } = { inOneJob: false }) {
  const stages = stagesOf(job).filter((stage) => !LATER_STAGES.includes(stage))
  const shard: Record<string, string> =
    job === 'build-go-binaries' && !one.inOneJob ? { shard: expression('matrix.shard') } : {}
  return [
    ...(job === 'validate-python-reference' ? [guardStep()] : []),
    {
      id: 'setup-mesh-toolchain',
      uses: uses('setup-mesh-toolchain'),
      with: {
        ...SETUP_OF[job],
        ...(await passed('setup-mesh-toolchain')),
        ...shard,
        netrc: expression('secrets.netrc'),
      },
    },
    ...(await Promise.all(
      stages.map(async (stage) => ({
        id: stage,
        // One stage's red does not hide another's.
        ...(stages.length > 1
          ? {
              if: expression(
                `!cancelled() && steps.setup-mesh-toolchain.outcome == 'success' && ${wanted([stage])}`,
              ),
            }
          : {}),
        uses: uses(stage),
        with: { ...(await passed(stage)), ...shard },
      })),
    )),
  ]
}

/** Files are compared before anything is installed: where packages are gone nothing else would say so. */
function guardStep() {
  return {
    id: 'guard',
    uses: uses('validate-python-ref'),
    with: {
      'guard-only': true,
      upload: 'red',
      ...Object.fromEntries(COMMON_WITH.map((name) => [name, expression(`inputs.${name}`)])),
      'on-inconclusive': expression('inputs.on-inconclusive'),
      'retention-days': expression('inputs.artifact-retention-days'),
    },
  }
}

/** The pipeline's inputs that an action takes too, handed on. */
async function passed(name: Parameters<typeof loadAction>[0] | Stage): Promise<Record<string, string>> {
  const action = await loadAction(name as Parameters<typeof loadAction>[0])
  return Object.fromEntries(
    Object.keys(allInputs(action))
      .map(kebabCase)
      .flatMap((input) => {
        const source = OTHER_NAMES[input] ?? input
        return source in PIPELINE_INPUTS ? [[input, expression(`inputs.${source}`)]] : []
      }),
  )
}

function reportJob() {
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
        with: {
          needs: expression('toJSON(needs)'),
          name: expression('inputs.name'),
          skip: expression('inputs.skip'),
          'on-inconclusive': expression('inputs.on-inconclusive'),
          'upload-report': expression('inputs.upload-report'),
          'retention-days': expression('inputs.artifact-retention-days'),
        },
      },
    ],
  }
}

/** The root action.yml: the same stages and the same report in one job. */
export async function rootAction(): Promise<string> {
  const stages = JOB_NAMES.flatMap((job) =>
    stagesOf(job)
      .filter((stage) => !LATER_STAGES.includes(stage))
      .map((stage) => ({ job, stage })),
  )
  const offered = Object.entries(PIPELINE_INPUTS).filter(([, input]) => !input.ofJobs)
  return render('src/report/pipeline.ts and scripts/generate/pipeline.ts', {
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
        { description: outputDescription(name), value: expression(`steps.pipeline-report.outputs.${name}`) },
      ]),
    ),
    runs: {
      using: 'composite',
      steps: [
        { if: expression(wanted(['validate-python-ref'])), ...guardStep() },
        {
          id: 'setup-mesh-toolchain',
          uses: uses('setup-mesh-toolchain'),
          with: { ...(await passed('setup-mesh-toolchain')), netrc: expression('inputs.netrc') },
        },
        ...(await Promise.all(
          stages.map(async ({ stage }) => ({
            id: stage,
            if: expression(wanted([stage])),
            uses: uses(stage),
            with: await passed(stage),
          })),
        )),
        {
          id: 'pipeline-report',
          if: 'always()',
          uses: uses('pipeline-report'),
          with: {
            needs: needsOfSteps(),
            evidence: 'folder',
            ...(await passed('pipeline-report')),
          },
        },
      ],
    },
  })
}

/** How the stages ended, as if each were a job: what sets the job up is part of each. */
function needsOfSteps(): string {
  const jobs = JOB_NAMES.map((job) => {
    const stage = stagesOf(job).find((one) => !LATER_STAGES.includes(one))
    const parts =
      job === 'validate-python-reference' ? ['guard', 'setup-mesh-toolchain'] : ['setup-mesh-toolchain']
    const isRed = parts.map((step) => `steps.${step}.outcome == 'failure'`).join(' || ')
    const result =
      stage === undefined
        ? 'skipped'
        : expression(`(${isRed}) && 'failure' || steps.${stage}.outcome || 'skipped'`)
    return `"${job}":{"result":"${result}"}`
  })
  return `{${jobs.join(',')}}`
}

/** What an output of the pipeline means. */
export function outputDescription(name: (typeof PIPELINE_OUTPUTS)[number]): string {
  const found = Object.entries(report.outputs).find(([key]) => kebabCase(key) === name)
  if (!found) throw new Error(`pipeline-report has no output ${name}`)
  return found[1].description
}

function uses(name: string): string {
  return `${SUITE}/actions/${name}@${REF}`
}

function expression(text: string): string {
  return `\${{ ${text} }}`
}

function render(source: string, content: object): string {
  const text = stringify(content, { lineWidth: 0 }).replaceAll(CHECKOUT, `${CHECKOUT} # ${CHECKOUT_VERSION}`)
  return `# Made by "npm run generate" from ${source}; edit that instead.\n${text}`
}
