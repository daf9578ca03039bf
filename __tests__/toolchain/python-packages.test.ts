import { describe, expect, test } from '@jest/globals'
import { loadProject } from '../../src/project/load.ts'
import { readPackages } from '../../src/toolchain/python-packages.ts'
import { folderWith } from '../support/project.ts'
import { pyproject } from '../support/python.ts'

async function packagesOf(files: Readonly<Record<string, string>>) {
  await using folder = await folderWith({ 'mesh.yml': 'python:\n  packages: [a/]\n', ...files })
  return await readPackages(loadProject({ directory: folder.path }))
}

describe('a package of the project', () => {
  test('has its name and what it requires from pyproject.toml', async () => {
    const [one] = await packagesOf({ 'a/pyproject.toml': pyproject('mine', [], 'requires-python = ">=3.9"') })
    expect(one).toMatchObject({
      path: 'a',
      file: 'a/pyproject.toml',
      name: 'mine',
      requiresPython: { specifiers: '>=3.9', line: 9 },
      broken: undefined,
    })
  })

  test.each([
    ['is cut off', '[project]\nname = "mine', 2, /./],
    ['has a key twice', '[project]\nname = "a"\nname = "b"\n', 3, /redefine|already defined|duplicate/i],
    ['has no name', '[project]\nversion = "1"\n', 1, /: project: expected a table with a name$/],
    ['has a number as its name', '[project]\nname = 3\n', 2, /: name: expected/],
    [
      'requires a number',
      '[project]\nname = "a"\nrequires-python = 3.11\n',
      3,
      /: requires-python: expected text/,
    ],
    ['has no table', 'project = 3\n', 1, /: project: expected a table/],
  ])('whose pyproject.toml %s is broken, with the line', async (_, text, line, message) => {
    const [one] = await packagesOf({ 'a/pyproject.toml': text })
    expect(one?.broken).toEqual({ line, message: expect.stringMatching(message) })
    expect(one?.broken?.message).not.toContain('\n')
  })

  test('may have setup.py alone', async () => {
    const [one] = await packagesOf({ 'a/setup.py': '' })
    expect(one).toMatchObject({ name: undefined, broken: undefined })
  })

  test('without either is refused at its place in mesh.yml', async () => {
    await expect(packagesOf({ 'a/README.md': '' })).rejects.toMatchObject({
      oneLine: expect.stringMatching(
        /mesh\.yml:2:14: python\.packages: a has neither pyproject\.toml nor setup\.py; set python\.packages/,
      ),
    })
  })

  test('whose folder is gone is told: it may be what the change under test did', async () => {
    const [one] = await packagesOf({})
    expect(one?.broken).toEqual({
      message: 'there is no folder a',
      fix: 'restore it, or correct python.packages',
    })
  })
})
