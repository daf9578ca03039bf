import { expect, test } from '@jest/globals'
import { chooseWorkflow, eventOf } from '../../../src/cli/act/workflow.ts'
import { folderWith } from '../../support/project.ts'

const USING = 'on: push\njobs: { a: { steps: [{ uses: org/mesh-actions@v1 }] } }\n'

test('mesh-pipeline.yml is taken before others, else the one that uses the suite', async () => {
  await using folder = await folderWith({
    '.github/workflows/mesh-pipeline.yml': USING,
    '.github/workflows/nightly.yml': USING,
  })
  expect(chooseWorkflow(folder.path, undefined).file).toBe('.github/workflows/mesh-pipeline.yml')
  expect(chooseWorkflow(folder.path, './.github/workflows/nightly.yml').file).toBe(
    '.github/workflows/nightly.yml',
  )
  await using other = await folderWith({
    '.github/workflows/ci.yml': USING,
    '.github/workflows/lint.yml': 'on: push\n',
    'services/mesh/go.mod': 'module mesh\n',
  })
  const found = chooseWorkflow(`${other.path}/services/mesh`, undefined)
  expect(found).toMatchObject({ repository: other.path, file: '.github/workflows/ci.yml' })
})

test('none, several and one that is not there are told with what to do', async () => {
  await using none = await folderWith({ '.github/workflows/lint.yml': 'on: push\n' })
  expect(() => chooseWorkflow(none.path, undefined)).toThrow(/no workflow in .* uses org\/mesh-actions/)
  expect(() => chooseWorkflow(none.path, 'ci.yml')).toThrow('cannot read the workflow ci.yml')
  await using several = await folderWith({
    '.github/workflows/a.yml': USING,
    '.github/workflows/b.yml': USING,
  })
  expect(() => chooseWorkflow(several.path, undefined)).toThrow(
    '2 workflows use org/mesh-actions: a.yml, b.yml',
  )
})

test.each([
  ['on: [pull_request, push]', 'push'],
  ['on: workflow_dispatch', 'workflow_dispatch'],
  ['on:\n  schedule: [{ cron: 17 2 * * * }]\n  workflow_dispatch:', 'schedule'],
])('%s is begun with %s', (text, event) => {
  expect(eventOf(text)).toBe(event)
})
