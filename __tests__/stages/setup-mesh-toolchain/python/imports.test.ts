import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { LIMITS } from '../../../../src/toolchain/limits.ts'
import { describeWith } from '../../../support/needs.ts'
import { countedUv, pyproject, pythonPlaces, pythonProject, toolchainOf } from '../../../support/python.ts'

const FILE = 'src/mesh_test_a/__init__.py'

/** The check over package a with these files, beside a neighbour b that declares idna. */
async function importing(
  files: Readonly<Record<string, string>>,
  {
    dependencies = [],
    rest = '',
    backend = 'hatchling',
  }: {
    readonly dependencies?: readonly string[]
    readonly rest?: string
    readonly backend?: 'hatchling' | 'setuptools'
  } = {},
  limits = LIMITS,
) {
  await using places = await pythonPlaces()
  await countedUv(places)
  const own = Object.fromEntries(Object.entries(files).map(([path, text]) => [`a/${path}`, text]))
  const project = await pythonProject(places, ['a', 'b'], {
    'a/pyproject.toml': pyproject('mesh-test-a', dependencies, rest, backend),
    'b/pyproject.toml': pyproject('mesh-test-b', ['idna']),
    'b/src/mesh_test_b/__init__.py': 'import idna\n',
    ...own,
  })
  const { installed, imports } = await toolchainOf(project, places, { limits })
  expect(installed.checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass'])
  expect(imports[1]).toMatchObject({ id: 'imports/b', verdict: 'pass' })
  // uv leaves its locks, which go with the stage's folder.
  expect((await readdir(places.temporary)).filter((name) => !/^uv-.*\.lock$/.test(name))).toEqual([])
  return imports[0]
}

describeWith(['python3'])('importing a package', () => {
  test.each(['hatchling', 'setuptools'] as const)(
    'fails for what only its neighbour declares (%s)',
    async (backend) => {
      expect(await importing({ [FILE]: '"""A."""\nimport idna\n' }, { backend })).toMatchObject({
        id: 'imports/a',
        verdict: 'fail',
        detail: 'mesh_test_a needs idna, which a/pyproject.toml does not declare',
        fix: 'add what provides idna to its dependencies',
        location: { file: `a/${FILE}`, line: 2 },
      })
    },
  )

  test('fails for the neighbour itself, which nobody declared', async () => {
    expect(await importing({ [FILE]: 'import mesh_test_b\n' })).toMatchObject({
      detail: 'mesh_test_a needs mesh_test_b, which a/pyproject.toml does not declare',
    })
  })

  test('passes for what it declares, and for what that brings along', async () => {
    const check = await importing(
      { [FILE]: 'import mesh_test_b, idna, pip\n'.replace(', pip', ''), 'src/mesh_test_c.py': '' },
      { dependencies: ['mesh-test-b'] },
    )
    expect(check).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(/^mesh_test_a(, mesh_test_c)? in /),
    })
  })

  test('fails for what only a submodule needs, which nobody has imported', async () => {
    expect(
      await importing({
        [FILE]: '',
        'src/mesh_test_a/server/app.py': 'import os\n\nfrom idna import encode\n',
      }),
    ).toMatchObject({
      verdict: 'fail',
      detail: 'mesh_test_a needs idna, which a/pyproject.toml does not declare',
      location: { file: 'a/src/mesh_test_a/server/app.py', line: 3 },
    })
  })

  test('passes over what need not be there: try, if, functions, tests, extras', async () => {
    const check = await importing(
      {
        [FILE]: `from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import idna
try:
    import idna
except ImportError:
    idna = None
def later():
    import idna
assert idna is None
`,
        'src/mesh_test_a/tests/test_it.py': 'import pytest_of_nobody\n',
        'src/mesh_test_a/contrib.py': 'import no_such_thing\n',
        'src/mesh_test_a/broken.py': 'print "two"\n',
      },
      { rest: '[project.optional-dependencies]\nmore = ["py-no-such-thing"]' },
    )
    expect(check).toMatchObject({ verdict: 'pass' })
  })

  test('cannot tell whether an unknown module belongs to an extra that is not installed', async () => {
    const check = await importing(
      { [FILE]: '', 'src/mesh_test_a/contrib.py': 'import yaml_of_nobody\n' },
      { rest: '[project.optional-dependencies]\nmore = ["py-no-such-thing"]' },
    )
    expect(check).toMatchObject({
      verdict: 'inconclusive',
      detail: 'yaml_of_nobody is not there; it may belong to an extra that is not installed',
    })
  })

  test('that ends otherwise fails with its last words, whatever it does', async () => {
    await using places = await pythonPlaces()
    await countedUv(places)
    const project = await pythonProject(places, ['a'], {
      'a/pyproject.toml': pyproject('mesh-test-a'),
      [`a/${FILE}`]: '',
    })
    const endings: readonly (readonly [text: string, detail: RegExp])[] = [
      [
        'raise ValueError("no settings\\nat all")',
        /^importing mesh_test_a fails: ValueError: no settings at all$/,
      ],
      ['def', /^importing mesh_test_a fails: SyntaxError: /],
      ['from mesh_test_a import server', /^importing mesh_test_a fails: ImportError: /],
      ['import mesh_test_a.server', /^importing mesh_test_a fails: ModuleNotFoundError: /],
      ['raise SystemExit(3)', /^importing mesh_test_a fails: SystemExit: 3$/],
      ['import os\nos._exit(3)', /^importing mesh_test_a: exit code 3$/],
      ['import os\nos.abort()', /^importing mesh_test_a: ended by SIGABRT/],
    ]
    for (const [text, detail] of endings) {
      await writeFile(join(project.directory, 'a', FILE), `${text}\n`)
      const { imports } = await toolchainOf(project, places)
      expect(imports).toMatchObject([{ verdict: 'fail', detail: expect.stringMatching(detail) }])
      expect(imports[0]?.detail).not.toContain('\n')
    }
  })

  test('that does not end fails after the time it is given', async () => {
    const check = await importing(
      { [FILE]: 'import threading\nthreading.Event().wait()\n' },
      {},
      { ...LIMITS, importMs: 2_000 },
    )
    expect(check).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^importing mesh_test_a: no end after 2\.\d s$/),
    })
  })
})
