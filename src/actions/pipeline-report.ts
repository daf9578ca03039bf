import { basename, resolve } from 'node:path'
import {
  type ActionContext,
  action,
  COMMON_INPUTS,
  input,
  output,
  STAGE_INPUTS,
} from '../platform/declare.ts'
import { inRepository, localCommandIn } from '../platform/local-command.ts'
import { readEvidence } from '../report/evidence.ts'
import type { PipelineReport } from '../report/model.ts'
import { readNeeds } from '../report/needs.ts'
import { type Findings, pipelineReport } from '../report/report.ts'
import { pipelineSummary } from '../report/summary.ts'
import { writeReport } from '../report/write.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { keepFigures, lastFigures } from './figures-cache.ts'
import { evidenceOfFolder, evidenceOfRun } from './run-evidence.ts'
import { skipInput } from './skip-input.ts'

const INPUTS = {
  needs: input.text(
    'The expression toJSON(needs) of a job that needs every job of the pipeline; without it what lies in the folder of results is reported alone',
  ),
  evidence: input.choice(
    'Where the results are: in the artifacts of this run, or in the folder .mesh of a job that ran all stages itself',
    ['artifacts', 'folder'],
    { default: 'artifacts' },
  ),
  project: input.path(
    'Folder of the project in the repository, which the commands to run a stage locally name; default working-directory',
  ),
  config: COMMON_INPUTS.config,
  skip: skipInput('Stages to leave out, separated by commas; the verdict is then called partial'),
  environment: input.variables('NAME=value lines for this step, as in HTTPS_PROXY=http://proxy.example:3128'),
  onInconclusive: STAGE_INPUTS.onInconclusive,
  uploadReport: input.flag('Uploads the report as an artifact', { default: 'true' }),
  retentionDays: STAGE_INPUTS.retentionDays,
}

type Context = ActionContext<typeof INPUTS>

/** Holds what every job left against how it ended, and shows the pipeline's verdict on one page. */
export default reportWithout(new Map())

/** The same of a run in a terminal, in which mistakes of the user's kept some stages from having a result: why, by their names. */
export function reportWithout(refused: Findings['refused']) {
  return action({
    title: 'Pipeline report',
    description: 'Holds the results of every job against how it ended: one verdict, one summary, one page',
    readsProject: false,
    inputs: INPUTS,
    outputs: {
      verdict: output.text('pass, fail or inconclusive, over all stages'),
      partial: output.text('true when stages were left out on request'),
      stages: output.json('Verdict of each stage by its name'),
      report: output.text('Folder of report.html, junit.xml and report.json, absolute'),
      reportArtifact: output.text(
        'Name of the artifact that holds the report; empty when it was not uploaded',
      ),
      imageSizes: output.json('Size of each image in bytes by its name'),
    },
    async run(context) {
      const { inputs, out } = context
      Object.assign(process.env, inputs.environment)
      const report = await judged(context, refused)
      const files = await writeReport(out, report)
      const isUploaded = inputs.uploadReport && (await uploaded(context, files))
      // Figures of a part or of something red are nothing to compare with.
      if (report.verdict === 'pass' && report.leftOut.length === 0) await keepFigures(context, report)
      return {
        conclusion: {
          verdict: report.verdict,
          cause: report.verdict === 'pass' ? undefined : report.sentence,
          summary: pipelineSummary(report),
        },
        outputs: {
          verdict: report.verdict,
          partial: report.leftOut.length > 0,
          stages: Object.fromEntries(report.stages.map(({ stage: one, verdict }) => [one, verdict])),
          report: out,
          reportArtifact: isUploaded ? context.artifactName('report') : '',
          imageSizes: imageSizes(report),
        },
      }
    },
  })
}

/** The report over what the run left. Throws a ConfigurationError where that cannot be had. */
async function judged(context: Context, refused: Findings['refused']): Promise<PipelineReport> {
  const { inputs, project, stage, out, place } = context
  // In a job without a checkout the project's folder need not be there.
  const directory =
    inputs.project === undefined ? project.directory : resolve(place.workspace, inputs.project)
  const local = { folder: inRepository(place.workspace, directory), file: inputs.config }
  const { evidence, setups } =
    inputs.evidence === 'artifacts'
      ? await evidenceOfRun(context)
      : evidenceOfFolder(await readEvidence(out), stage.attempt)
  // The job of a report has no checkout, and a runner's workspace may hold another one's.
  const commit = inputs.evidence === 'artifacts' ? (place.commit ?? stage.commit) : stage.commit
  return pipelineReport({
    project: place.repository ?? basename(project.directory),
    commit,
    attempt: stage.attempt,
    needs: inputs.needs === undefined ? undefined : readNeeds(inputs.needs),
    evidence,
    setups,
    forgivesInconclusive: context.forgivesInconclusive,
    leftOut: inputs.skip,
    refused,
    local: (one) => localCommandIn(local, one),
    before: await lastFigures(context, commit),
  })
}

/** Uploads the report; whether it was kept. That it was not must not take the verdict with it. */
async function uploaded(
  { artifacts, artifactName, inputs, out, stage }: Context,
  files: readonly string[],
): Promise<boolean> {
  try {
    return await artifacts.upload(artifactName('report'), files, out, inputs)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    stage.log.warn(error.oneLine)
    return false
  }
}

const IMAGE_SIZE = 'image-size/'

function imageSizes({ figures }: PipelineReport): Readonly<Record<string, number>> {
  return Object.fromEntries(
    figures
      .filter(({ id }) => id.startsWith(IMAGE_SIZE))
      .map(({ id, measured }) => [id.slice(IMAGE_SIZE.length), measured.value]),
  )
}
