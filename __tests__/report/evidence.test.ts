import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readEvidence } from '../../src/report/evidence.ts'
import { stageResult } from '../support/pipeline.ts'
import { folderWith } from '../support/project.ts'

const green = stageResult('cross-compile-go', 'pass', { shard: '1/2' })

test('a folder of results is read with the logs beside them', async () => {
  await using folder = await folderWith({
    'results/cross-compile-go-1-of-2.json': JSON.stringify(green),
    'results/.half.json': '{',
    'logs/cross-compile-go-1-of-2.log': 'built\n',
    'logs/cross-compile-go-1-of-2/registry.log': 'listening\n',
  })
  expect(await readEvidence(folder.path)).toEqual([
    {
      stage: 'cross-compile-go',
      result: green,
      fault: undefined,
      logs: [
        { name: 'cross-compile-go-1-of-2.log', text: 'built\n', cutLines: 0 },
        { name: join('cross-compile-go-1-of-2', 'registry.log'), text: 'listening\n', cutLines: 0 },
      ],
    },
  ])
})

test('a log that an earlier run left is not taken for one of this result', async () => {
  await using folder = await folderWith({
    'results/cross-compile-go.json': JSON.stringify(green),
    'logs/cross-compile-go.log': 'built\n',
    'logs/cross-compile-go/old.log': 'of yesterday\n',
  })
  const yesterday = new Date(Date.parse(green.startedAt) - 24 * 60 * 60_000)
  await utimes(join(folder.path, 'logs/cross-compile-go/old.log'), yesterday, yesterday)
  const [found] = await readEvidence(folder.path)
  expect(found?.logs.map(({ name }) => name)).toEqual(['cross-compile-go.log'])
})

test('a result that cannot be believed is a fault with its name, and its logs are kept', async () => {
  await using folder = await folderWith({
    'results/cross-compile-go.json': '{',
    'logs/cross-compile-go.log': 'built\n',
  })
  expect(await readEvidence(folder.path)).toEqual([
    {
      stage: 'cross-compile-go',
      result: undefined,
      fault: 'cross-compile-go.json: it is no JSON',
      logs: [{ name: 'cross-compile-go.log', text: 'built\n', cutLines: 0 }],
    },
  ])
})

test('of a long log the end is kept, and it is told how much is not', async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}`)
  await using folder = await folderWith({
    'results/cross-compile-go.json': JSON.stringify(green),
    'logs/cross-compile-go.log': `${lines.join('\n')}\n`,
  })
  const [log] = (await readEvidence(folder.path))[0]?.logs ?? []
  expect(log?.text.endsWith('line 19999\n')).toBe(true)
  expect(log?.text.length).toBeLessThanOrEqual(64 * 1024)
  expect(log?.text.split('\n')[0]).toBe(`line ${log?.cutLines}`)
})
