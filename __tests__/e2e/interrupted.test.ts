import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { act, actHome } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { areGone } from '../support/processes.ts'
import { appears } from '../support/running-action.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import { STUBBORN } from '../support/stubborn.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000

const WORKFLOW = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/cross-compile-go@v1
`

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

describeWith(['go', 'python3'])('a job under act', () => {
  const home = actHome(folder.path)

  test(
    'that is interrupted in the middle of an action leaves no process of the project',
    async () => {
      const project = join(folder.path, 'interrupted')
      copySample(project)
      plant(project, 'stubborn.py', STUBBORN)
      plant(project, 'mesh.yml', `before: [[python3, ${join(project, 'stubborn.py')}]]\n`)
      plant(project, '.github/workflows/ci.yml', WORKFLOW)
      commitAll(project)
      // act works on a copy; the program itself is started where it was written.
      const pids = join(project, 'pids')
      await act(home, project, {
        workflow: '.github/workflows/ci.yml',
        onStart: (child) => void appears(pids).then(() => child.kill('SIGINT')),
      })
      const started = readFileSync(pids, 'utf8').split(' ').map(Number)
      expect(started).toHaveLength(2)
      expect(await areGone(started)).toBe(true)
    },
    SLOW,
  )
})
