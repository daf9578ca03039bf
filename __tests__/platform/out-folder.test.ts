import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { prepareOut } from '../../src/platform/out-folder.ts'
import { loadProject } from '../../src/project/load.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('the folder for results and logs', () => {
  test('is made and ignores itself', async () => {
    await using folder = await temporaryFolder()
    const out = await prepareOut(loadProject({ directory: folder.path }), undefined)
    expect(out).toBe(join(folder.path, '.mesh'))
    expect((await readdir(out)).sort()).toEqual(['.gitignore', 'logs', 'results'])
    expect(await prepareOut(loadProject({ directory: folder.path }), undefined)).toBe(out)
  })

  test('one that was there already keeps what it has', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, '.gitignore'), '/bin/\n')
    await prepareOut(loadProject({ directory: folder.path }), '.')
    expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe('/bin/\n')
  })

  test('a .mesh that is a link out of the project is not followed', async () => {
    await using folder = await temporaryFolder()
    await using elsewhere = await temporaryFolder()
    await symlink(elsewhere.path, join(folder.path, '.mesh'))
    await expect(prepareOut(loadProject({ directory: folder.path }), undefined)).rejects.toThrow(
      'leads out of the project',
    )
    expect(await readdir(elsewhere.path)).toEqual([])
  })

  test('a file in its place is a mistake in one line', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, '.mesh'), '')
    await expect(prepareOut(loadProject({ directory: folder.path }), undefined)).rejects.toThrow(
      /^cannot write results to .*: E/,
    )
    await mkdir(join(folder.path, 'there'))
    await writeFile(join(folder.path, 'there', 'logs'), '')
    await expect(prepareOut(loadProject({ directory: folder.path }), 'there')).rejects.toThrow(
      /EEXIST|ENOTDIR/,
    )
  })
})
