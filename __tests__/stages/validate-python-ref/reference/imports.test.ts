import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { checkImports } from '../../../../src/stages/validate-python-ref/reference/imports.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { describeWith } from '../../../support/needs.ts'
import { pyproject, pythonPlaces, pythonProject } from '../../../support/python.ts'
import { checkNamed, installed, type Reference, sampleReference } from '../../../support/reference.ts'

const MESH = 'packages/mcp_mesh/src/mcp_mesh'
const RUNTIME = 'packages/mcp_mesh_runtime'

describeWith(['python3 of version 3.11 or later'])('the imports of the sample', () => {
  let sample: Reference
  beforeAll(async () => {
    sample = await sampleReference()
  })
  afterAll(async () => sample[Symbol.asyncDispose]())
  const checks = () => checkImports(sample.project, sample.places)

  test('pass by both import paths, and leave nothing behind', async () => {
    const found = await checks()
    expect(found).toMatchObject([
      {
        id: 'imports/packages/mcp_mesh',
        verdict: 'pass',
        detail: expect.stringMatching(/^5 modules in [^;]*$/),
      },
      { id: 'imports/packages/mcp_mesh/as-in-repository', verdict: 'pass' },
      { id: `imports/${RUNTIME}`, verdict: 'pass', detail: expect.stringMatching(/^30 modules in [^;]*$/) },
      { id: `imports/${RUNTIME}/as-in-repository`, verdict: 'pass' },
    ])
    expect(readdirSync(sample.places.temporary)).toEqual([])
    expect(execFileSync('git', ['status', '--short'], { cwd: sample.directory, encoding: 'utf8' })).toBe('')
  })

  test('fail for a module that was renamed, at the import that misses it', async () => {
    const found = await sample.planted(
      { [`${MESH}/metadata.py`]: undefined, [`${MESH}/meta.py`]: '' },
      checks,
    )
    expect(checkNamed(found, 'imports/packages/mcp_mesh')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^importing mcp_mesh \(as \d others\) fails: ModuleNotFoundError: No module named 'mcp_mesh.metadata'$/,
      ),
      location: {
        file: expect.stringMatching(/mcp_mesh\/(decorator|injection)\.py$/),
        line: expect.any(Number),
      },
    })
    expect(checkNamed(found, 'imports/packages/mcp_mesh/as-in-repository').detail).toContain(
      "No module named 'packages.mcp_mesh.src.mcp_mesh.metadata'",
    )
  })

  test('fail for a package folder that is not there, and for one that is empty', async () => {
    const found = await sample.planted({ 'packages/mcp_mesh': undefined }, checks)
    expect(checkNamed(found, 'imports/packages/mcp_mesh')).toMatchObject({
      verdict: 'fail',
      detail: 'there is no folder packages/mcp_mesh',
    })
    expect(checkNamed(found, `imports/${RUNTIME}`).verdict).toBe('fail')
    const emptied = await sample.planted({ [MESH]: undefined }, checks)
    expect(checkNamed(emptied, 'imports/packages/mcp_mesh').detail).toBe(
      'there is no module in packages/mcp_mesh/src',
    )
  })

  test('fail for a package that takes the place of a module beside it', async () => {
    const found = await sample.planted(
      { [`${MESH}/metadata/__init__.py`]: 'class AgentMetadata: ...\ndef metadata_of(function): ...\n' },
      checks,
    )
    for (const id of ['imports/packages/mcp_mesh', 'imports/packages/mcp_mesh/as-in-repository']) {
      expect(checkNamed(found, id)).toMatchObject({
        verdict: 'fail',
        detail: `${MESH}/metadata/__init__.py takes the place of ${MESH}/metadata.py, which is not imported any more`,
        location: { file: `${MESH}/metadata/__init__.py` },
      })
    }
  })

  test('fail for a file in the folder that takes the place of a standard module', async () => {
    const found = await sample.planted({ 'logging.py': 'x = 1\n' }, checks)
    expect(checkNamed(found, `imports/${RUNTIME}`).verdict).toBe('pass')
    expect(checkNamed(found, `imports/${RUNTIME}/as-in-repository`)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/fails, as logging\.py shadows Python's own logging: /),
      location: { file: 'logging.py' },
    })
  })

  test('fail for a distribution that the environment does not have', async () => {
    const site = execFileSync('python', ['-c', 'import fastapi; print(fastapi.__path__[0])'], {
      env: sample.places.environment,
      encoding: 'utf8',
    }).trim()
    const outside = { path: site.slice(sample.directory.length) }
    expect(outside.path).not.toBe('')
    execFileSync('mv', [site, `${site}-gone`])
    try {
      expect(checkNamed(await checks(), `imports/${RUNTIME}`)).toMatchObject({
        verdict: 'fail',
        detail: expect.stringContaining("ModuleNotFoundError: No module named 'fastapi'"),
        location: { file: expect.stringMatching(/^packages\/mcp_mesh_runtime\/src\/.*server\//) },
      })
    } finally {
      execFileSync('mv', [`${site}-gone`, site])
    }
  })

  test('cannot be told where the packages are not installed', async () => {
    await using places = await pythonPlaces()
    const found = await checkImports(sample.project, places)
    expect(checkNamed(found, 'imports/packages/mcp_mesh')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'mcp-mesh-sample is not installed in the environment of the python on PATH',
      fix: 'run setup-mesh-toolchain first',
    })
    // It needs nothing that would have to be installed.
    expect(checkNamed(found, 'imports/packages/mcp_mesh/as-in-repository').verdict).toBe('pass')
  })

  test('fail where the packages are not installed for a module of the reference that is gone', async () => {
    await using places = await pythonPlaces()
    const found = await sample.planted({ [`${MESH}/metadata.py`]: undefined }, () =>
      checkImports(sample.project, places),
    )
    expect(checkNamed(found, 'imports/packages/mcp_mesh/as-in-repository')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining("No module named 'packages.mcp_mesh.src.mcp_mesh.metadata'"),
    })
  })
})

describeWith(['python3 of version 3.11 or later'])('the import of a module', () => {
  let reference: Reference
  beforeAll(async () => {
    const places = await pythonPlaces()
    const project = await pythonProject(places, ['a-b'], {
      'a-b/pyproject.toml': pyproject('mesh-test-a'),
      'a-b/src/mesh_test_a/__init__.py': '',
    })
    reference = await installed(places, project.directory)
  })
  afterAll(async () => reference[Symbol.asyncDispose]())

  /** The check while the package holds these modules as well. */
  const checkWith = async (files: Readonly<Record<string, string>>, moduleMs?: number) => {
    const paths = Object.entries(files).map(([name, text]) => [`a-b/src/mesh_test_a/${name}`, text])
    const found = await reference.planted(Object.fromEntries(paths), () =>
      checkImports(reference.project, reference.places, moduleMs === undefined ? {} : { moduleMs }),
    )
    expect(checkNamed(found, 'imports/a-b/as-in-repository')).toMatchObject({
      verdict: 'skipped',
      detail: 'a-b/src is no import path',
    })
    return checkNamed(found, 'imports/a-b')
  }

  test('passes, and what it prints, warns of and starts is told', async () => {
    expect(
      await checkWith({
        'loud.py': 'print("::error::hello")\n',
        'old.py': 'import warnings\nwarnings.warn("is old", DeprecationWarning)\n',
        'busy.py': 'import threading\nthreading.Thread(target=threading.Event().wait).start()\n',
        'tests/test_it.py': 'raise ValueError\n',
        'main.py': 'if __name__ == "__main__":\n    raise ValueError\n',
        '__main__.py': 'raise ValueError\n',
      }),
    ).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(
        /^6 modules in [^;]*; mesh_test_a\.busy starts a thread; mesh_test_a\.loud prints "::error::hello"; a-b\/src\/mesh_test_a\/old\.py:2 warns: DeprecationWarning: is old$/,
      ),
    })
    expect(reference.places.lines.some((line) => line.startsWith('::'))).toBe(false)
  })

  test('is independent of the others: a cycle that one order hides is found', async () => {
    const check = await checkWith({
      'first.py': 'from .second import b\na = 1\n',
      'second.py': 'def b(): ...\nimport mesh_test_a.first as first\nfirst.a\n',
    })
    expect(check).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^importing mesh_test_a\.first fails: AttributeError: .*circular import/),
      location: { file: 'a-b/src/mesh_test_a/second.py', line: 3 },
    })
  })

  test.each([
    ['raise ValueError("no\\nsettings")', /^importing mesh_test_a\.m fails: (ValueError: no )?settings$/, 1],
    [
      'x = 1\nimport sys\nsys.exit(3)',
      /^importing mesh_test_a\.m ends the interpreter: it calls sys\.exit\(3\)$/,
      3,
    ],
    ['import os\nos._exit(3)', /^importing mesh_test_a\.m ends the interpreter: exit code 3$/, undefined],
    ['import os\nos.abort()', /^importing mesh_test_a\.m ends the interpreter: ended by SIGABRT$/, 2],
    ['def f(:', /^importing mesh_test_a\.m fails: SyntaxError: /, 1],
  ])('fails for %j', async (text, detail, line) => {
    expect(await checkWith({ 'm.py': `${text}\n` })).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(detail),
      ...(line === undefined ? {} : { location: { file: 'a-b/src/mesh_test_a/m.py', line } }),
    })
  })

  test('fails for a __main__.py that is no Python', async () => {
    expect(await checkWith({ '__main__.py': 'def f(:\n' })).toMatchObject({
      verdict: 'fail',
      location: { file: 'a-b/src/mesh_test_a/__main__.py', line: 1 },
    })
  })

  test('that hangs is ended, and where it stands is told', async () => {
    expect(
      await checkWith({ 'm.py': 'import threading\n\nthreading.Event().wait()\n' }, 8_000),
    ).toMatchObject({
      verdict: 'fail',
      detail: 'importing mesh_test_a.m does not come back',
      location: { file: 'a-b/src/mesh_test_a/m.py', line: 3 },
    })
  })

  test('may bring what no fork survives, or what ends it before any: then nothing is imported beforehand', async () => {
    const site = execFileSync('python', ['-c', 'import site; print(site.getsitepackages()[0])'], {
      env: reference.places.environment,
      encoding: 'utf8',
    }).trim()
    await writeFiles(site, {
      'mesh_test_thread.py':
        'import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n',
      'mesh_test_end.py': 'import os\nos._exit(0)\n',
      'mesh_test_hang.py': 'import threading\nthreading.Event().wait()\n',
    })
    expect(await checkWith({ 'm.py': 'import mesh_test_thread\n' })).toMatchObject({
      verdict: 'pass',
      detail: expect.stringContaining('mesh_test_a.m starts a thread'),
    })
    expect(await checkWith({ 'm.py': 'import mesh_test_end\n' })).toMatchObject({
      detail: 'importing mesh_test_a.m ends the interpreter: exit code 0',
    })
    expect(await checkWith({ 'm.py': 'import mesh_test_hang\n' }, 8_000)).toMatchObject({
      detail: 'importing mesh_test_a.m does not come back',
      location: { file: 'a-b/src/mesh_test_a/m.py', line: 1 },
    })
  })
})
