import { expect, test } from '@jest/globals'
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
