import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { resolveInside } from '../../src/project/inside.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A project beside another folder: `project/src/main.go`, `outside/`. */
async function twoFolders() {
  const base = await temporaryFolder()
  const project = join(base.path, 'project')
  const outside = join(base.path, 'outside')
  await mkdir(join(project, 'src'), { recursive: true })
  await mkdir(outside)
  await writeFile(join(project, 'src', 'main.go'), '')
  return { project, outside, [Symbol.asyncDispose]: base[Symbol.asyncDispose] }
}

describe('a path inside a folder', () => {
  test.each(['.', 'src', 'src/main.go', './src/../src', 'not/there/yet', 'src/*.go', '..name', 'src/..name'])(
    '%s is inside',
    async (path) => {
      await using folders = await twoFolders()
      expect(resolveInside(folders.project, path)).toBe(join(folders.project, path))
    },
  )

  test.each(['..', '../outside', 'src/../..', 'src/../../outside', '../project2', './..'])(
    '%s leads out by its spelling',
    async (path) => {
      await using folders = await twoFolders()
      expect(resolveInside(folders.project, path)).toBeUndefined()
    },
  )

  test('an absolute path counts from the folder and never from the root', async () => {
    await using folders = await twoFolders()
    expect(resolveInside(folders.project, '/etc/passwd')).toBe(join(folders.project, 'etc/passwd'))
  })

  test('a path through a file, where nothing can be, is inside', async () => {
    await using folders = await twoFolders()
    expect(resolveInside(folders.project, 'src/main.go/x')).toBe(join(folders.project, 'src/main.go/x'))
  })

  test('no spelling gives a path that is not below the folder', async () => {
    await using folders = await twoFolders()
    const part = fc.constantFrom('..', '.', 'src', 'main.go', 'x', '', '...')
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const found = resolveInside(folders.project, parts.join('/'))
        let depth = 0
        for (const one of parts) depth += one === '..' ? -1 : one === '.' || one === '' ? 0 : 1
        if (depth < 0) expect(found).toBeUndefined()
        if (found !== undefined) expect(`${found}/`.startsWith(`${folders.project}/`)).toBe(true)
      }),
    )
  })
})

describe('a symbolic link', () => {
  test('within the folder may be followed', async () => {
    await using folders = await twoFolders()
    await symlink('src', join(folders.project, 'link'))
    expect(resolveInside(folders.project, 'link/main.go')).toBe(join(folders.project, 'link/main.go'))
  })

  test.each(['link', 'link/new', 'link/new/deep'])('that leaves the folder may not: %s', async (path) => {
    await using folders = await twoFolders()
    await symlink(folders.outside, join(folders.project, 'link'))
    expect(resolveInside(folders.project, path)).toBeUndefined()
  })

  test.each(['../outside/not-yet', '../not-yet', '../not-yet/deep'])(
    'that points to what is not there yet, outside, may not: %s',
    async (target) => {
      await using folders = await twoFolders()
      await symlink(target, join(folders.project, 'link'))
      expect(resolveInside(folders.project, 'link')).toBeUndefined()
      expect(resolveInside(folders.project, 'link/x')).toBeUndefined()
    },
  )

  test('that points to what is not there yet, inside, may be followed', async () => {
    await using folders = await twoFolders()
    await symlink('src/not-yet', join(folders.project, 'link'))
    expect(resolveInside(folders.project, 'link')).toBe(join(folders.project, 'link'))
  })

  test('that leads to the folder itself does no harm', async () => {
    await using folders = await twoFolders()
    const alias = `${folders.outside}-alias`
    await symlink(folders.project, alias)
    expect(resolveInside(alias, 'src/main.go')).toBe(join(alias, 'src/main.go'))
    expect(resolveInside(alias, '../outside')).toBeUndefined()
  })
})
