import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ownerTag } from '../../../../src/toolchain/half-made.ts'
import { LIMITS } from '../../../../src/toolchain/limits.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { describeWith } from '../../../support/needs.ts'
import {
  countedUv,
  indexServer,
  program,
  pyproject,
  pythonPlaces,
  pythonProject,
  toolchainOf,
  useIndex,
} from '../../../support/python.ts'

/** A package a that needs its neighbour b. */
const NEIGHBOURS = {
  'packages/a/pyproject.toml': pyproject('mesh-test-a', ['mesh-test-b>=1'], '', 'setuptools'),
  'packages/a/src/mesh_test_a/__init__.py': 'import mesh_test_b\n',
  'packages/b/pyproject.toml': pyproject('mesh-test-b'),
  'packages/b/src/mesh_test_b/__init__.py': '',
}
const BOTH = ['packages/a', 'packages/b']
const B = { packages: ['packages/b'], files: NEIGHBOURS }

const verdicts = (checks: readonly { readonly id: string; readonly verdict: string }[]) =>
  Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))

const runs = (python: string | undefined, script: string) =>
  execFileSync(python ?? '', ['-I', '-B', '-c', script], { encoding: 'utf8' }).trim()

describeWith(['python3'])("the project's packages", () => {
  test('are installed editable beside each other, the tree stays as it was, and a second run asks nobody', async () => {
    await using places = await pythonPlaces()
    const calls = await countedUv(places)
    const project = await pythonProject(places, BOTH, NEIGHBOURS)
    const before = (await readdir(project.directory, { recursive: true })).sort()
    const { installed, imports } = await toolchainOf(project, places)
    expect([...installed.checks, ...imports]).toMatchObject([
      { id: 'installed/packages/a', verdict: 'pass', detail: 'mesh-test-a 1.2.3, editable' },
      { id: 'installed/packages/b', verdict: 'pass', detail: 'mesh-test-b 1.2.3, editable' },
      { id: 'imports/packages/a', verdict: 'pass' },
      { id: 'imports/packages/b', verdict: 'pass' },
    ])
    expect(runs(installed.python, 'import mesh_test_a; print(mesh_test_a.__file__)')).toContain(
      project.directory,
    )
    expect(runs(installed.python, 'import pip, sys; print(sys.prefix)')).toBe(installed.venv)
    expect((await readdir(project.directory, { recursive: true })).sort()).toEqual(before)

    const asked = (await calls()).length
    const again = await toolchainOf(project, places)
    expect(again.installed).toMatchObject({
      reused: true,
      venv: installed.venv,
      packages: installed.packages,
    })
    expect(await calls()).toHaveLength(asked)

    // Whatever was put into it by hand would hide what is not declared.
    await writeFile(join(installed.venv ?? '', 'stray'), '')
    const site = runs(installed.python, 'import sysconfig; print(sysconfig.get_path("purelib"))')
    await writeFile(join(site, 'stray.py'), '')
    expect((await toolchainOf(project, places)).installed.reused).toBe(false)
    await expect(readFile(join(site, 'stray.py'))).rejects.toThrow('ENOENT')
    expect((await readdir(dirname(installed.venv ?? ''))).length).toBe(1)
  })

  test('get an environment and a check of their own for extra requirements', async () => {
    await using places = await pythonPlaces()
    await countedUv(places)
    const project = await pythonProject(places, B.packages, {
      ...B.files,
      'extra.txt': 'iniconfig\n',
    })
    const first = await toolchainOf(project, places, { extraRequirements: ['extra.txt', ' packaging>=20 '] })
    expect(first.installed.checks.at(-1)).toMatchObject({
      id: 'installed/extra-requirements',
      verdict: 'pass',
      detail: 'extra.txt, packaging>=20',
    })
    expect(runs(first.installed.python, 'import iniconfig, packaging; print(1)')).toBe('1')
    const compiled = 'import iniconfig, os; print(os.path.exists(iniconfig.__cached__))'
    expect(runs(first.installed.python, compiled)).toBe('True')
    const second = await toolchainOf(project, places)
    expect(second.installed.reused).toBe(false)
    expect(() => runs(second.installed.python, 'import iniconfig')).toThrow()

    // Each serves again: runs with and without them do not make one environment anew in turns.
    const again = await toolchainOf(project, places, { extraRequirements: ['extra.txt', ' packaging>=20 '] })
    expect(again.installed).toMatchObject({ reused: true, venv: first.installed.venv })
    expect((await toolchainOf(project, places)).installed).toMatchObject({
      reused: true,
      venv: second.installed.venv,
    })
  })

  test.each(['--index-url=http://127.0.0.1:1', '-e .', 'no such thing', '../other.txt', 'absent.txt'])(
    'extra requirement %p is refused before anything is made',
    async (written) => {
      await using places = await pythonPlaces('')
      const project = await pythonProject(places, B.packages, B.files)
      await expect(toolchainOf(project, places, { extraRequirements: [written] })).rejects.toThrow(
        /extra-requirements|leads out of the project/,
      )
      await expect(readdir(places.userCache)).rejects.toThrow('ENOENT')
    },
  )

  test('are made anew when the environment was left half-written, and then one of a project that is gone goes', async () => {
    await using places = await pythonPlaces()
    await countedUv(places)
    const project = await pythonProject(places, B.packages, B.files)
    const { installed } = await toolchainOf(project, places)
    const marker = join(installed.venv ?? '', 'mesh-actions.json')
    const made = JSON.parse(await readFile(marker, 'utf8')) as Record<string, unknown>
    expect(made).toMatchObject({ directory: project.directory, owner: ownerTag() })
    const stale = join(dirname(installed.venv ?? ''), 'stale')
    await writeFiles(stale, {
      'mesh-actions.json': JSON.stringify({
        directory: `${project.directory}-gone`,
        owner: ownerTag().replace(/-\d+$/, '-999999999'),
      }),
    })
    expect((await toolchainOf(project, places)).installed.reused).toBe(true)
    expect(existsSync(stale)).toBe(true)
    await rm(marker)
    await rm(join(installed.venv ?? '', 'bin'), { recursive: true })
    const again = await toolchainOf(project, places)
    expect(again.installed).toMatchObject({ reused: false, venv: installed.venv })
    expect(verdicts(again.imports)).toEqual({ 'imports/packages/b': 'pass' })
    expect(existsSync(stale)).toBe(false)
  })

  test('are installed once when two runs begin at the same time', async () => {
    await using places = await pythonPlaces()
    const calls = await countedUv(places)
    const project = await pythonProject(places, B.packages, B.files)
    const both = await Promise.all([toolchainOf(project, places), toolchainOf(project, places)])
    expect(both.map(({ imports }) => verdicts(imports))).toEqual([
      { 'imports/packages/b': 'pass' },
      { 'imports/packages/b': 'pass' },
    ])
    expect(both.map(({ installed }) => installed.reused).sort()).toEqual([false, true])
    expect((await calls()).filter((call) => call.startsWith('venv'))).toHaveLength(1)
    expect((await readdir(join(places.userCache, 'venvs'))).length).toBe(1)
  })
})

describeWith(['python3'])('what cannot be installed', () => {
  test('a broken pyproject.toml is named with its line, and nothing is installed around it', async () => {
    await using places = await pythonPlaces('')
    const project = await pythonProject(places, BOTH, {
      ...NEIGHBOURS,
      'packages/b/pyproject.toml': '[project]\nname = "mesh-test-b\n',
    })
    const { installed, imports } = await toolchainOf(project, places, { extraRequirements: ['packaging'] })
    expect(installed.venv).toBeUndefined()
    expect([...installed.checks, ...imports]).toMatchObject([
      {
        id: 'installed/packages/a',
        verdict: 'inconclusive',
        detail: expect.stringMatching(/^not tried, since packages\/b\/pyproject\.toml is broken: ./),
      },
      {
        id: 'installed/packages/b',
        verdict: 'fail',
        detail: expect.stringMatching(/^packages\/b\/pyproject\.toml is broken: ./),
        location: { file: 'packages/b/pyproject.toml', line: 2 },
      },
      { id: 'installed/extra-requirements', verdict: 'inconclusive' },
      { id: 'imports/packages/a', verdict: 'inconclusive' },
      { id: 'imports/packages/b', verdict: 'inconclusive' },
    ])
  })

  test("a conflict is told in the resolver's own words, on those it is between", async () => {
    await using places = await pythonPlaces()
    await countedUv(places)
    const project = await pythonProject(places, [...BOTH, 'packages/c'], {
      'packages/a/pyproject.toml': pyproject('mesh-test-a', ['idna<3']),
      'packages/a/mesh_test_a.py': '',
      'packages/b/pyproject.toml': pyproject('mesh-test-b', ['idna>=3']),
      'packages/b/mesh_test_b.py': '',
      'packages/c/pyproject.toml': pyproject('mesh-test-c'),
      'packages/c/mesh_test_c.py': '',
    })
    const { installed } = await toolchainOf(project, places)
    expect(verdicts(installed.checks)).toEqual({
      'installed/packages/a': 'fail',
      'installed/packages/b': 'fail',
      'installed/packages/c': 'inconclusive',
    })
    expect(installed.checks[0]?.detail).toMatch(
      /^No solution found when resolving dependencies: Because .*idna<3/,
    )
    expect(installed.checks[0]?.detail).not.toContain('\n')
    expect(places.lines.join('\n')).toContain('your requirements are unsatisfiable')
    expect(await readdir(join(places.userCache, 'venvs'))).toEqual([])
  })

  describeWith(['cc'])('in C', () => {
    test('a missing library of the system is told with the line that needs it', async () => {
      await using places = await pythonPlaces()
      await countedUv(places)
      const project = await pythonProject(places, ['packages/c'], {
        'packages/c/pyproject.toml': pyproject('mesh-test-c', [], '', 'setuptools'),
        'packages/c/setup.py':
          'from setuptools import Extension, setup\nsetup(ext_modules=[Extension("mesh_test_c", ["c.c"])])\n',
        'packages/c/c.c': '#include <no-such-library.h>\n',
      })
      const { installed } = await toolchainOf(project, places)
      expect(installed.checks).toMatchObject([
        {
          id: 'installed/packages/c',
          verdict: 'fail',
          detail: expect.stringMatching(
            /^Failed to build `mesh-test-c.*: c\.c:1:10: fatal error: no-such-library\.h/,
          ),
          fix: expect.stringContaining('install a library that provides `no-such-library.h`'),
        },
      ])
      expect(await readdir(join(project.directory, 'packages/c'))).toHaveLength(3)
    })
  })

  test.each([
    [
      'refuses',
      (response: { writeHead(status: number): { end(): void } }) => response.writeHead(403).end(),
      LIMITS,
      /403/,
    ],
    ['hangs', () => {}, { ...LIMITS, installMs: 1_500 }, /^no end after /],
  ])('an index that %s is told in its own words, in bounded time', async (_, answer, limits, detail) => {
    await using places = await pythonPlaces()
    await countedUv(places)
    await using index = await indexServer((_request, response) => {
      answer(response)
    })
    useIndex(places, index.url)
    const project = await pythonProject(places, B.packages, B.files)
    const { installed } = await toolchainOf(project, places, { limits })
    expect(installed).toMatchObject({ venv: undefined, python: undefined })
    expect(installed.checks).toMatchObject([
      { id: 'installed/packages/b', verdict: 'fail', detail: expect.stringMatching(detail) },
    ])
  })

  test('a cache that cannot be written is told in one line', async () => {
    await using places = await pythonPlaces()
    await writeFile(places.userCache, 'a file')
    const project = await pythonProject(places, B.packages, B.files)
    await expect(toolchainOf(project, places)).rejects.toMatchObject({
      name: 'ConfigurationError',
      oneLine: expect.stringMatching(/^cannot write .*venvs: ENOTDIR; give the cache folder room/),
    })
  })
})

describeWith(['python3'])('without uv', () => {
  /** A backend that needs nothing from anywhere: it writes the editable wheel itself. */
  const BACKEND = `
import base64, hashlib, os, zipfile
NAME = "mesh_test_local-1.0"
def get_requires_for_build_editable(config_settings=None):
    return []
def build_editable(directory, config_settings=None, metadata_directory=None):
    files = {
        "mesh_test_local.pth": os.getcwd() + "/src\\n",
        NAME + ".dist-info/METADATA": "Metadata-Version: 2.1\\nName: mesh-test-local\\nVersion: 1.0\\n",
        NAME + ".dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    files[NAME + ".dist-info/RECORD"] = "".join(one + ",,\\n" for one in [*files, NAME + ".dist-info/RECORD"])
    with zipfile.ZipFile(os.path.join(directory, NAME + "-py3-none-any.whl"), "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return NAME + "-py3-none-any.whl"
build_wheel = build_editable
`
  const LOCAL = {
    'local/pyproject.toml':
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n[project]\nname = "mesh-test-local"\nversion = "1.0"\n',
    'local/backend.py': BACKEND,
    'local/src/mesh_test_local/__init__.py': '',
  }

  test('pip installs, and it is said why', async () => {
    await using places = await pythonPlaces()
    await program(join(places.folder, 'bin', 'uv'), 'exit 1')
    await using index = await indexServer((_request, response) => {
      response.writeHead(403).end()
    })
    useIndex(places, index.url)
    const project = await pythonProject(places, ['local'], LOCAL)
    const { installed, imports } = await toolchainOf(project, places)
    expect(installed.checks).toMatchObject([{ verdict: 'pass', detail: 'mesh-test-local 1.0, editable' }])
    expect(imports).toMatchObject([{ verdict: 'pass' }])
    expect(places.lines).toContain('there is no uv: packages are installed with pip, which takes longer')
    expect(places.lines.join('\n')).toMatch(/passed over uv from PyPI: .*uv==/)
    expect(() => runs(installed.python, 'import setuptools')).toThrow()
    expect((await toolchainOf(project, places)).installed.reused).toBe(true)
  })
})
