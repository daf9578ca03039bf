import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { goMesh } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { areGone } from '../support/processes.ts'
import { sourceCliCommand } from '../support/source-cli.ts'
import { interruptedInTerminal } from '../support/terminal.ts'

const WAITING = `import os, signal
open('pid', 'w').write(str(os.getpid()))
print('it is at work', flush=True)
signal.pause()
`

describeWith(['go', 'python3'])('a run in a terminal', () => {
  test('that is interrupted there ends its stage, says so and gives the cursor back', async () => {
    await using mesh = await goMesh({ before: [['python3', 'waiting.py']], files: { 'waiting.py': WAITING } })
    const { code, stdout } = await interruptedInTerminal(
      'it is at work',
      sourceCliCommand(['run', 'cross-compile-go']),
      { cwd: mesh.directory, env: { NODE_OPTIONS: '' } },
    )
    expect(code).toBe(130)
    expect(stdout).toContain('interrupted\r\n')
    expect(stdout.lastIndexOf('\x1b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\x1b[?25l'))
    expect(await areGone([Number(readFileSync(join(mesh.directory, 'pid'), 'utf8'))])).toBe(true)
  })
})
