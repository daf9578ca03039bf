import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readResultFiles } from '../../src/report/result-files.ts'
import { stageResult } from '../support/pipeline.ts'
import { folderWith } from '../support/project.ts'

const green = stageResult('cross-compile-go', 'pass', { shard: '1/2' })

test('each result is read with the name of its file and its stage', async () => {
  await using folder = await folderWith({
    'results/docker-smoke.json': JSON.stringify(stageResult('docker-smoke')),
    'results/cross-compile-go-1-of-2.json': JSON.stringify(green),
    'results/.half.json': '{',
    'results/notes.txt': '',
  })
  expect(await readResultFiles(folder.path)).toEqual([
    { name: 'cross-compile-go-1-of-2.json', stage: 'cross-compile-go', result: green, fault: undefined },
    { name: 'docker-smoke.json', stage: 'docker-smoke', result: stageResult('docker-smoke') },
  ])
})

test('a folder that is not there holds nothing, and one that cannot be read is refused', async () => {
  await using folder = await folderWith({ results: '' })
  expect(await readResultFiles(join(folder.path, 'nowhere'))).toEqual([])
  await expect(readResultFiles(folder.path)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: `cannot read the results in ${join(folder.path, 'results')}: ENOTDIR`,
  })
})

test.each([
  ['it is no JSON', JSON.stringify(green).slice(0, 200)],
  ['it is no JSON', ''],
  ['it is no result of a stage: Invalid input: expected object', '[]'],
  ['it is no result of a stage: schema', JSON.stringify({ ...green, schema: 2 })],
  [
    'it says pass, but its checks come to fail',
    JSON.stringify({ ...stageResult('cross-compile-go', 'fail'), verdict: 'pass' }),
  ],
  ['it says pass, but its checks come to inconclusive', JSON.stringify({ ...green, checks: [] })],
  ['it is a result of docker-smoke', JSON.stringify(stageResult('docker-smoke'))],
])('a result is not believed when %s', async (fault, text) => {
  await using folder = await folderWith({ 'results/cross-compile-go.json': text })
  const [found] = await readResultFiles(folder.path)
  expect(found).toMatchObject({ stage: 'cross-compile-go', result: undefined })
  expect(found?.fault).toContain(fault)
})

test('a result that cannot be read is a fault of its own, beside the others', async () => {
  await using folder = await folderWith({
    'results/cross-compile-go.json/in-a-folder': '',
    'results/docker-smoke.json': JSON.stringify(stageResult('docker-smoke')),
  })
  expect(await readResultFiles(folder.path)).toMatchObject([
    { name: 'cross-compile-go.json', fault: 'it cannot be read: EISDIR' },
    { name: 'docker-smoke.json', fault: undefined },
  ])
})
