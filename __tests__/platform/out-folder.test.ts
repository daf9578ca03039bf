import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { forgetResult, prepareOut } from '../../src/platform/out-folder.ts'
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

  test('is made whatever several stages make of its path at once', async () => {
    await using folder = await temporaryFolder()
    const project = loadProject({ directory: folder.path })
    for (let round = 0; round < 500; round++) {
      const asked = `${round}/of/several`
      const outs = await Promise.all(Array.from({ length: 4 }, () => prepareOut(project, asked)))
      expect(new Set(outs)).toEqual(new Set([join(folder.path, asked)]))
      expect(await readFile(join(folder.path, asked, '.gitignore'), 'utf8')).toBe('*\n')
    }
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

describe('the results of an earlier run', () => {
  const kept = async (stage: string, shard: string | undefined) => {
    await using folder = await temporaryFolder()
    const out = await prepareOut(loadProject({ directory: folder.path }), undefined)
    const names = ['load-test', 'load-test-1-of-2', 'load-test-2-of-2', 'load-test-1-of-3', 'docker-smoke']
    for (const name of names) await writeFile(join(out, 'results', `${name}.json`), '{}')
    await forgetResult(out, stage, shard)
    return (await readdir(join(out, 'results'))).map((name) => name.replace('.json', '')).sort()
  }

  test('of a stage are gone with all of its parts when the whole of it is run', async () => {
    expect(await kept('load-test', undefined)).toEqual(['docker-smoke'])
  })

  test('of a part are gone with the whole and with parts of another whole; its siblings stay', async () => {
    expect(await kept('load-test', '1/2')).toEqual(['docker-smoke', 'load-test-2-of-2'])
  })
})
