import { basename } from 'node:path'
import { action, input, output, STAGE_INPUTS } from '../platform/declare.ts'
import { readEvidence } from '../report/evidence.ts'
import type { PipelineReport } from '../report/model.ts'
import { readNeeds } from '../report/needs.ts'
import { JOB_NAMES, stagesOf } from '../report/pipeline.ts'
import { pipelineReport } from '../report/report.ts'
import { pipelineSummary } from '../report/summary.ts'
import { writeReport } from '../report/write.ts'
import { keepFigures, lastFigures } from './figures-cache.ts'
import { evidenceOfFolder, evidenceOfRun } from './run-evidence.ts'

/** Holds what every job left against how it ended, and shows the pipeline's verdict on one page. */
export default action({
  title: 'Pipeline report',
  description: 'Holds the results of every job against how it ended: one verdict, one summary, one page',
  readsProject: false,
  inputs: {
    needs: input.text(
      'The expression toJSON(needs) of a job that needs every job of the pipeline; without it what lies in the folder of results is reported alone',
    ),
    evidence: input.choice(
      'Where the results are: in the artifacts of this run, or in the folder .mesh of a job that ran all stages itself',
      ['artifacts', 'folder'],
      { default: 'artifacts' },
    ),
    skip: input.someOrNone(
      'Stages to leave out, separated by commas; the verdict is then called partial',
      JOB_NAMES.flatMap(stagesOf),
    ),
    onInconclusive: STAGE_INPUTS.onInconclusive,
    uploadReport: input.flag('Uploads the report as an artifact', { default: 'true' }),
    retentionDays: STAGE_INPUTS.retentionDays,
  },
  outputs: {
    verdict: output.text('pass, fail or inconclusive, over all stages'),
    partial: output.text('true when stages were left out on request'),
    stages: output.json('Verdict of each stage by its name'),
    report: output.text('Folder of report.html, junit.xml and report.json, absolute'),
    reportArtifact: output.text('Name of the artifact that holds the report; empty when it was not uploaded'),
    imageSizes: output.json('Size of each image in bytes by its name'),
  },
  async run(context) {
    const { inputs, project, stage, artifacts, artifactName, out, place } = context
    const { evidence, setupCauses } =
      inputs.evidence === 'artifacts'
        ? await evidenceOfRun(context)
        : evidenceOfFolder(await readEvidence(out))
    const report = pipelineReport({
      project: place.repository ?? basename(project.directory),
      commit: stage.commit,
      attempt: stage.attempt,
      needs: inputs.needs === undefined ? undefined : readNeeds(inputs.needs),
      evidence,
      setupCauses,
      leftOut: inputs.skip,
      before: await lastFigures(context),
    })
    const files = await writeReport(out, report)
    const name = artifactName('report')
    if (inputs.uploadReport) await artifacts.upload(name, files, out, inputs)
    await keepFigures(context, report.figures)
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
        reportArtifact: inputs.uploadReport ? name : '',
        imageSizes: imageSizes(report),
      },
    }
  },
})

const IMAGE_SIZE = 'image-size/'

function imageSizes({ figures }: PipelineReport): Readonly<Record<string, number>> {
  return Object.fromEntries(
    figures
      .filter(({ id }) => id.startsWith(IMAGE_SIZE))
      .map(({ id, measured }) => [id.slice(IMAGE_SIZE.length), measured.value]),
  )
}
