import { expect, test } from '@jest/globals'
import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import { sideBySide } from '../../src/cli/side-by-side.ts'
import type { Stage } from '../../src/result/stages.ts'

const stage = (name: string, ...beside: Stage[]) => [name, { beside }] as const
const names = (lists: readonly (readonly (readonly [string, unknown])[])[]) =>
  lists.map((list) => list.map(([name]) => name))

test('a stage waits for all that come before it, unless it says that it runs beside them', () => {
  const first = stage('cross-compile-go')
  const integration = stage('go-python-integration')
  const docker = stage('docker-smoke', 'go-python-integration')
  const load = stage('load-test')
  expect(names(sideBySide([first, integration, docker, load]))).toEqual([
    ['cross-compile-go'],
    ['go-python-integration', 'docker-smoke'],
    ['load-test'],
  ])
  expect(names(sideBySide([first, docker]))).toEqual([['cross-compile-go'], ['docker-smoke']])
  expect(sideBySide([])).toEqual([])
})

test('it is as early as what it waits for lets it be', () => {
  const parity = stage('registry-parity')
  const docker = stage('docker-smoke', 'go-python-integration', 'registry-parity')
  expect(names(sideBySide([stage('go-python-integration'), parity, docker]))).toEqual([
    ['go-python-integration', 'docker-smoke'],
    ['registry-parity'],
  ])
})

test('of the suite docker-smoke runs beside the integration, and everything else alone', async () => {
  const all = await Promise.all(
    (Object.keys(ACTIONS) as ActionName[]).map(async (name) => [name, await loadAction(name)] as const),
  )
  const lists = names(sideBySide(all.filter(([, { stage: proven }]) => proven !== undefined)))
  expect(lists.filter((list) => list.length > 1)).toEqual([['go-python-integration', 'docker-smoke']])
})
