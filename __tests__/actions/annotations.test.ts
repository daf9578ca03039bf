import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { goMesh } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { job } from '../support/running-action.ts'

const BROKEN = 'package shared\n\nconst Greeting string = 1\n'

describeWith(['go'])('a red step', () => {
  test('has its cause as one annotation, where it stands, and again as the last plain line of its log', async () => {
    await using mesh = await goMesh({ files: { 'internal/shared/shared.go': BROKEN } })
    const runner = job(dirname(mesh.directory), mesh.directory)
    await using step = runner.run('cross-compile-go', { upload: 'false', commands: 'cli' })
    const { code, printed } = await step.ended
    expect(code).toBe(1)
    const lines = printed.trimEnd().split('\n')
    const annotations = lines.filter((line) => /^::(error|warning)\b/.test(line))
    expect(annotations).toEqual([
      expect.stringMatching(/^::error title=.*,file=internal\/shared\/shared\.go,line=3,col=\d+::/),
    ])
    expect(lines.at(-1)).toMatch(/^cross-compile-go: fail: internal\/shared\/shared\.go:3: /)
  })

  test('in a folder of its own tells how it is run from the top of the repository', async () => {
    await using mesh = await goMesh({ files: { 'internal/shared/shared.go': BROKEN } })
    const workspace = join(dirname(mesh.directory), 'workspace')
    await mkdir(workspace)
    await rename(mesh.directory, join(workspace, 'a mesh'))
    await rename(join(workspace, 'a mesh', 'mesh.yml'), join(workspace, 'a mesh', 'other.yml'))
    const summary = join(dirname(workspace), 'summary')
    await writeFile(summary, '')
    const inputs = { upload: 'false', workingDirectory: 'a mesh', config: 'other.yml' }
    await using step = job(dirname(workspace), workspace).run('cross-compile-go', inputs, {
      GITHUB_STEP_SUMMARY: summary,
    })
    expect(await step.ended).toMatchObject({ code: 1 })
    expect(await readFile(summary, 'utf8')).toContain(
      "Run it locally: `mesh-actions run cross-compile-go --project 'a mesh' --config other.yml`",
    )
  })
})
