import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { loadProject } from '../../../../src/project/load.ts'
import { describeWith } from '../../../support/needs.ts'
import { countedUv, pythonPlaces, toolchainOf } from '../../../support/python.ts'
import { copySample, edit } from '../../../support/sample.ts'

describeWith(['python3 of version 3.11 or later'])('the sample', () => {
  test('is installed and imported, and a dependency that it forgets is named', async () => {
    await using places = await pythonPlaces()
    await countedUv(places)
    const directory = join(places.folder, 'sample')
    copySample(directory)
    const project = loadProject({ directory })
    const whole = await toolchainOf(project, places)
    expect([...whole.installed.checks, ...whole.imports].map(({ id, verdict }) => [id, verdict])).toEqual([
      ['installed/packages/mcp_mesh', 'pass'],
      ['installed/packages/mcp_mesh_runtime', 'pass'],
      ['imports/packages/mcp_mesh', 'pass'],
      ['imports/packages/mcp_mesh_runtime', 'pass'],
    ])
    expect(execFileSync('git', ['status', '--short'], { cwd: directory, encoding: 'utf8' })).toBe('')

    edit(directory, 'packages/mcp_mesh_runtime/pyproject.toml', (text) => text.replace(/ *"fastapi.*\n/, ''))
    const forgetful = await toolchainOf(project, places)
    expect(forgetful.imports).toMatchObject([
      { verdict: 'pass' },
      {
        verdict: 'fail',
        detail:
          'mcp_mesh_runtime needs fastapi, which packages/mcp_mesh_runtime/pyproject.toml does not declare',
      },
    ])
  })
})
