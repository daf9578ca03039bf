import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { locked } from '../../../../src/stages/setup-mesh-toolchain/python/lock.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const signal = new AbortController().signal

test('a lock has one holder at a time, however many want it, and is gone in the end', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'one.lock')
  let holders = 0
  let most = 0
  let turns = 0
  const turn = async () => {
    await using _lock = await locked(file, signal)
    most = Math.max(most, ++holders)
    await new Promise((resolve) => setImmediate(resolve))
    holders--
    turns++
  }
  await Promise.all([turn(), turn(), turn(), turn()])
  expect({ most, turns }).toEqual({ most: 1, turns: 4 })
  expect(await readdir(folder.path)).toEqual([])
})

test('a lock whose holder was killed is taken over, by one', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'one.lock')
  await writeFile(file, 'killed')
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(file, longAgo, longAgo)
  let waited = 0
  await using _lock = await locked(file, signal, () => waited++)
  expect(waited).toBe(1)
  expect(await readdir(folder.path)).toEqual(['one.lock'])
})

test('who waits for a lock stops when the stage does', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'one.lock')
  await using _lock = await locked(file, signal)
  const stage = new AbortController()
  const waiting = locked(file, stage.signal, () => stage.abort(new Error('cancelled')))
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})
