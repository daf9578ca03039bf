import { mkdir, readdir, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { folderBeside, nameAside, ownerTag } from '../../src/toolchain/half-made.ts'
import { madeOnce } from '../../src/toolchain/made-once.ts'
import { writeFiles } from '../support/go-module.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const TWO_DAYS_AGO = new Date(Date.now() - 48 * 60 * 60_000)
const DEAD = ownerTag().replace(/-\d+$/, '-999999999')

test('what runs that are no more left beside a target is swept away when the next one makes it', async () => {
  await using folder = await temporaryFolder()
  const left = [
    `tool.new-${DEAD}-abcdef`,
    `other.old-${DEAD}-1700000000000`,
    '.x64.new-aaaaaaaa-1-old',
    'tool.new-Xy12Zw',
  ]
  for (const name of left) await writeFiles(folder.path, { [`${name}/file`]: 'half' })
  for (const name of left.slice(2)) await utimes(join(folder.path, name), TWO_DAYS_AGO, TWO_DAYS_AGO)
  await madeOnce(join(folder.path, 'tool'), (beside) => writeFiles(beside, { file: 'whole' }))
  expect(await readdir(folder.path)).toEqual(['tool'])
})

test('what somebody may still be at work on stays, and so does everything else', async () => {
  await using folder = await temporaryFolder()
  const target = join(folder.path, 'tool')
  const stays = [
    basename(await folderBeside(target)),
    basename(nameAside(target)),
    // Of another machine, whose processes cannot be seen from here; of a version that left no name.
    'tool.new-aaaaaaaa-1-abcdef',
    'tool.new-Xy12Zw',
    '1.2.new',
    'new-tool',
  ]
  for (const name of stays) await mkdir(join(folder.path, name), { recursive: true })
  for (const name of stays.slice(4)) await utimes(join(folder.path, name), TWO_DAYS_AGO, TWO_DAYS_AGO)
  const own = basename(await folderBeside(target))
  expect((await readdir(folder.path)).sort()).toEqual([...stays, own].sort())
})
