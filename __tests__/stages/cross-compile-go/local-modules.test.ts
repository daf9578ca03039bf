import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { localModules } from '../../../src/stages/cross-compile-go/local-modules.ts'
import { environmentWith } from '../../support/environment.ts'
import { writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A go.mod that needs modules, some of them from folders. */
const goMod = (name: string, folders: Readonly<Record<string, string>>) =>
  [
    `module example.com/${name}\n\ngo 1.24\n`,
    ...Object.keys(folders).map((one) => `require example.com/${one} v0.0.0`),
    ...Object.entries(folders).map(
      ([one, folder]) => `replace example.com/${one} v0.0.0 => ${folder} // here`,
    ),
    'replace (\n\texample.com/far => example.com/fork v1.0.0\n)\n',
  ].join('\n')

async function tree(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder()
  await writeFiles(folder.path, files)
  return { ...folder, at: (...names: string[]) => join(folder.path, ...names) }
}

describeWith(['go'])('modules that are built from their folders', () => {
  test.each([
    [
      'for a replace',
      {
        'mesh/go.mod': goMod('mesh', { lib: '../lib', own: './own' }),
        'lib/go.mod': goMod('lib', {}),
        'mesh/own/go.mod': goMod('own', {}),
      },
    ],
    [
      'for a go.work above, and for the replaces of what it uses',
      {
        'go.work': 'go 1.24\n\nuse ./mesh\nuse (\n\t"./tools" // beside\n\t./lib\n)\n',
        'mesh/go.mod': goMod('mesh', {}),
        'tools/go.mod': goMod('tools', { deep: '../deep' }),
        'lib/go.mod': goMod('lib', {}),
        'deep/go.mod': goMod('deep', {}),
      },
    ],
  ])('%s are those that Go says', async (_, files) => {
    await using here = await tree(files)
    using _alone = environmentWith({ GOWORK: undefined, GOFLAGS: undefined, GOPROXY: 'off' })
    const listed = execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'all'], {
      cwd: here.at('mesh'),
      encoding: 'utf8',
      env: process.env,
    })
    const { folders } = await localModules(here.at('mesh'), undefined)
    expect([...folders].sort()).toEqual(listed.trim().split('\n').sort())
    expect(folders[0]).toBe(here.at('mesh'))
    expect(folders.length).toBeGreaterThan(2)
  })
})

describe('a go.work', () => {
  const files = {
    'go.work': 'go 1.24\n\nuse ./mesh\n',
    'other/go.work': 'go 1.24\n\nuse (\n\t../mesh\n\t.\n)\n',
    'mesh/go.mod': goMod('mesh', {}),
  }

  test('is the nearest one above, or the one that GOWORK names, or none', async () => {
    await using here = await tree(files)
    const mesh = here.at('mesh')
    expect(await localModules(mesh, undefined)).toEqual({ folders: [mesh], workspace: here.at('go.work') })
    expect(await localModules(mesh, 'off')).toEqual({ folders: [mesh], workspace: undefined })
    expect(await localModules(mesh, here.at('other/go.work'))).toEqual({
      folders: [mesh, here.at('other')],
      workspace: here.at('other/go.work'),
    })
  })
})

test('modules that take each other are each there once', async () => {
  await using here = await tree({
    'a/go.mod': goMod('a', { b: '../b' }),
    'b/go.mod': goMod('b', { a: '../a', gone: '../gone' }),
  })
  const { folders } = await localModules(here.at('a'), 'off')
  expect(folders).toEqual([here.at('a'), here.at('b'), here.at('gone')])
})
