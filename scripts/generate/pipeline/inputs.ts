import { ACTIONS, type ActionName, loadAction } from '../../../src/actions/index.ts'
import { allInputs, COMMON_INPUTS, kebabCase, meaning, STAGE_INPUTS } from '../../../src/platform/declare.ts'
import type { Input } from '../../../src/platform/inputs.ts'

const setup = await loadAction('setup-mesh-toolchain')
const report = await loadAction('pipeline-report')

/** An input of the pipeline: of the workflow, and of the root action where it means something in one job. */
interface PipelineInput {
  readonly description: string
  readonly default: string | number | boolean
  /** Only the workflow has jobs. */
  readonly ofJobs?: true
}

/** What the pipeline takes, in the order in which it is shown. */
export const PIPELINE_INPUTS: Readonly<Record<string, PipelineInput>> = {
  name: declared(COMMON_INPUTS.name),
  config: declared(COMMON_INPUTS.config),
  'working-directory': declared(COMMON_INPUTS.workingDirectory),
  environment: declaredBy(setup, 'environment'),
  'runs-on': {
    description: 'Labels of the runners, as JSON: a text or a list',
    default: '"ubuntu-latest"',
    ofJobs: true,
  },
  'go-version': declaredBy(setup, 'goVersion'),
  'python-version': declaredBy(setup, 'pythonVersion'),
  platforms: declaredBy(setup, 'platforms'),
  'build-shards': {
    description: 'Parts of the platforms that are built side by side, as JSON: ["1/4","2/4","3/4","4/4"]',
    default: '["1/1"]',
    ofJobs: true,
  },
  skip: declaredBy(report, 'skip'),
  'on-inconclusive': declared(STAGE_INPUTS.onInconclusive),
  'timeout-minutes': { description: 'How long each job may take, in minutes', default: 30, ofJobs: true },
  'artifact-retention-days': { description: meaning(STAGE_INPUTS.retentionDays), default: 0 },
  'upload-report': { description: declaredBy(report, 'uploadReport').description, default: true },
}

/** What the pipeline gives: each is an output of pipeline-report. */
export const PIPELINE_OUTPUTS = ['verdict', 'partial', 'stages', 'report-artifact', 'image-sizes'] as const

/** The one secret: content of a .netrc, for private modules. */
export const NETRC = declaredBy(setup, 'netrc')

/** Where a value of the pipeline's goes that an action calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = { 'retention-days': 'artifact-retention-days' }

/** The pipeline's inputs that an action takes too, handed on. */
export async function handedOn(name: string): Promise<Record<string, string>> {
  if (!isAction(name)) throw new Error(`no action ${name}`)
  return Object.fromEntries(
    Object.keys(allInputs(await loadAction(name)))
      .map(kebabCase)
      .flatMap((input) => {
        const source = OTHER_NAMES[input] ?? input
        return source in PIPELINE_INPUTS ? [[input, expression(`inputs.${source}`)]] : []
      }),
  )
}

/** What an output of the pipeline means. */
export function outputDescription(name: (typeof PIPELINE_OUTPUTS)[number]): string {
  const found = Object.entries(report.outputs).find(([key]) => kebabCase(key) === name)
  if (!found) throw new Error(`pipeline-report has no output ${name}`)
  return found[1].description
}

/** Text that the runner works out. */
export function expression(text: string): string {
  return `\${{ ${text} }}`
}

function declaredBy(action: Parameters<typeof allInputs>[0], name: string) {
  const input = allInputs(action)[name]
  if (!input) throw new Error(`no input ${name}`)
  return declared(input)
}

function declared(input: Input<unknown>) {
  return { description: meaning(input), default: input.default }
}

function isAction(name: string): name is ActionName {
  return name in ACTIONS
}
