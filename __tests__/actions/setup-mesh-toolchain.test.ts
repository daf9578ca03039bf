import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from '@jest/globals'
import { goMesh } from '../support/go-module.ts'
import { job } from '../support/running-action.ts'

test.each([
  ['docker-smok', 'docker-smoke'],
  ['load-test, validate-python-reference', 'validate-python-ref'],
])('a job of a pipeline that leaves out %s ends before anything is set up', async (skip, meant) => {
  await using mesh = await goMesh()
  const runner = job(dirname(mesh.directory), mesh.directory)
  const before = readdirSync(mesh.directory)
  await using step = runner.run('setup-mesh-toolchain', { skip, go: 'false', python: 'false', cache: 'off' })
  const { code, printed } = await step.ended
  const [, wrong] = /([a-z-]+)$/.exec(skip) ?? []
  const errors = printed.split('\n').filter((line) => line.startsWith('::error'))
  expect(errors).toEqual([
    expect.stringMatching(
      new RegExp(`input "skip": expected some of .*, found "${wrong}"; did you mean ${meant}\\?$`),
    ),
  ])
  expect(code).toBe(2)
  expect(readdirSync(mesh.directory)).toEqual(before)
})

test('a job of a pipeline that leaves out a stage there is goes on', async () => {
  await using mesh = await goMesh()
  const runner = job(dirname(mesh.directory), mesh.directory)
  const inputs = { skip: 'docker-smoke,load-test', go: 'false', python: 'false', cache: 'off' }
  await using step = runner.run('setup-mesh-toolchain', inputs)
  expect(await step.ended).toMatchObject({ printed: expect.not.stringContaining('input "skip"') })
  expect(readdirSync(mesh.directory)).toContain('.mesh')
})
