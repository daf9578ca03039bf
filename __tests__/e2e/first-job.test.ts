import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type ActHome, act, actHome, actLines, jobResults } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { calling, reportOf } from '../support/pipeline-run.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000
const WORKFLOW = '.github/workflows/mesh.yml'

describeWith(['go'])('a pipeline that ends in its first job', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let home: ActHome
  beforeAll(async () => {
    folder = await temporaryFolder()
    home = actHome(folder.path)
  }, SLOW)
  afterAll(async () => folder?.[Symbol.asyncDispose]())

  test(
    'for a misspelt stage in `skip` says at once which one was meant',
    async () => {
      const project = join(folder.path, 'misspelt')
      copySample(project)
      plant(project, WORKFLOW, calling({ skip: 'docker-smok' }))
      commitAll(project)
      const ended = await act(home, project, { workflow: WORKFLOW })
      const ran = Object.entries(jobResults(ended)).filter(([, result]) => result !== 'skipped')
      expect(ran).toEqual([
        ['validate-python-reference', 'failure'],
        ['report', 'failure'],
      ])
      const said = actLines(ended).filter(({ msg }) =>
        msg.includes('docker-smok"; did you mean docker-smoke?'),
      )
      expect(said[0]?.job).toContain('validate-python-reference')
    },
    SLOW,
  )

  test(
    'on a folder of the repository tells how it is run from the top of it',
    async () => {
      const project = join(folder.path, 'several')
      const mesh = join(project, 'services', 'mesh')
      copySample(mesh)
      renameSync(join(mesh, '.git'), join(project, '.git'))
      rmSync(join(mesh, 'packages', 'mcp_mesh'), { recursive: true })
      renameSync(join(mesh, 'mesh.yml'), join(mesh, 'other.yml'))
      plant(project, WORKFLOW, calling({ 'working-directory': 'services/mesh', config: 'other.yml' }))
      commitAll(project)
      const ended = await act(home, project, { workflow: WORKFLOW })
      expect(jobResults(ended)).toMatchObject({ 'validate-python-reference': 'failure', report: 'failure' })
      expect(reportOf(ended).summary).toContain(
        'Run it locally: `mesh-actions run setup-mesh-toolchain validate-python-ref --project services/mesh --config other.yml`',
      )
    },
    SLOW,
  )
})
