import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { onPath } from '../../src/cli/on-path.ts'
import { environmentWith } from '../support/environment.ts'
import { program } from '../support/python.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function askedOf(script: string | undefined) {
  await using folder = await temporaryFolder()
  if (script !== undefined) await program(join(folder.path, 'act'), script)
  using _path = environmentWith({ PATH: folder.path })
  return onPath('act', /^act version (\S+)/m, new AbortController().signal)
}

test('a program on PATH is asked for its version', async () => {
  expect(await askedOf('[ "$*" = --version ] && echo a greeting && echo act version 0.2.89')).toEqual({
    version: '0.2.89',
  })
})

test('one that is not there is told from another of its name', async () => {
  expect(await askedOf(undefined)).toEqual({ lacking: 'there is no act on PATH' })
  const another = {
    lacking: 'the act on PATH is another program: it does not say its version as act does',
  }
  expect(await askedOf('echo automatic component toolkit')).toEqual(another)
  expect(await askedOf('echo act version 0.2.89; exit 1')).toEqual(another)
})
