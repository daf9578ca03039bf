import { delimiter, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { writeFiles } from '../support/go-module.ts'
import { sourceCli } from '../support/source-cli.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('a reader who goes away early ends nothing and is shown no stack', async () => {
  await using folder = await temporaryFolder()
  const { code, stderr } = await sourceCli(['run', 'cross-compile-go', '--help'], {
    cwd: folder.path,
    onStart: (child) => child.stdout?.destroy(),
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('a folder on PATH that cannot be looked into puts nothing before the JSON', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'no-folder': '' })
  const { code, stdout, stderr } = await sourceCli(['run', 'validate-python-ref', '--guard-only', '--json'], {
    cwd: folder.path,
    env: { PATH: [join(folder.path, 'no-folder'), process.env.PATH].join(delimiter) },
  })
  expect(stdout).toBe('[]\n')
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('not a git repository') })
})

test.each([[['run', 'validate-python-ref']], [['doctor']], [['baseline']]])(
  'a TMPDIR that is not there is one line: %j',
  async (args) => {
    await using folder = await temporaryFolder()
    const missing = join(folder.path, 'missing')
    const { code, stderr } = await sourceCli(args, { cwd: folder.path, env: { TMPDIR: missing } })
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(`error: cannot write temporary files to ${missing}: ENOENT`),
      '',
    ])
    expect(code).toBe(2)
  },
)
