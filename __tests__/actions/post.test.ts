import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ACTIONS, type ActionName, loadAction } from '../../src/actions/index.ts'
import { goMesh } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { job } from '../support/running-action.ts'
import { ROOT } from '../support/suite.ts'

const runsOf = (name: ActionName) =>
  parse(readFileSync(join(ROOT, 'actions', name, 'action.yml'), 'utf8')).runs

describe('the post step', () => {
  test('belongs to every action that starts processes, however its job ends', async () => {
    for (const name of Object.keys(ACTIONS) as ActionName[]) {
      const { stage, post } = await loadAction(name)
      if (stage === undefined) expect(runsOf(name)).not.toHaveProperty('post')
      else {
        expect(runsOf(name)).toMatchObject({ post: `../../dist/${name}/post.js` })
        if (!post) expect(runsOf(name)['post-if']).toBe('always()')
      }
    }
  })

  test('of the toolchain saves caches for a job that went well alone, once the step has come to its end', async () => {
    await using mesh = await goMesh()
    const runner = job(dirname(mesh.directory), mesh.directory)
    await using step = runner.run('setup-mesh-toolchain', { go: 'false', python: 'false', cache: 'off' })
    await step.ended
    const variable = 'MESH_ENDED_SETUP_MESH_TOOLCHAIN'
    expect(runner.variables()).toMatchObject({ [variable]: 'true' })
    expect(runsOf('setup-mesh-toolchain')['post-if']).toBe(`success() || env.${variable} != 'true'`)
  })
})

describeWith(['go'])('the post step', () => {
  test('says nothing and does nothing after a step that came to its end', async () => {
    await using mesh = await goMesh()
    const runner = job(dirname(mesh.directory), mesh.directory)
    await using step = runner.run('cross-compile-go', { upload: 'false' })
    expect(await step.ended).toMatchObject({ code: 0 })
    await using post = runner.post('cross-compile-go')
    expect(await post.ended).toEqual({ code: 0, printed: '' })
  })
})
