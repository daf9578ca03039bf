import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadProject, type Project } from '../../../src/project/load.ts'
import type { Check, StageResult } from '../../../src/result/stage-result.ts'
import { printBaseline } from '../../../src/stages/validate-python-ref/guard/baseline-file.ts'
import { validateReference } from '../../../src/stages/validate-python-ref/index.ts'
import { takeBaseline, writeBaseline } from '../../../src/stages/validate-python-ref/take-baseline.ts'
import { describeWith } from '../../support/needs.ts'
import { type Reference, sampleReference } from '../../support/reference.ts'
import { commitAll } from '../../support/sample.ts'
import { stageContext } from '../../support/stage-context.ts'

const PACKAGE = 'packages/mcp_mesh/src/mcp_mesh'
const RUNTIME = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime'
const TESTS = 'packages/mcp_mesh/tests'

describeWith(['python3 of version 3.11 or later'])('the reference of the sample as a whole', () => {
  let sample: Reference
  /** The tests of one package: those of the other one start registries and take most of a minute. */
  const project = (overrides: Readonly<Record<string, unknown>> = {}): Project =>
    loadProject({
      directory: sample.directory,
      overrides: Object.entries({ 'python.tests': ['packages/mcp_mesh'], ...overrides }).map(
        ([key, value]) => ({
          path: key.split('.'),
          value,
          from: key,
        }),
      ),
    })

  beforeAll(async () => {
    sample = await sampleReference()
    const places = { ...sample.places }
    await writeBaseline(
      project(),
      await takeBaseline(project(), places, { testArguments: [], timeoutMs: 60_000 }),
    )
    commitAll(sample.directory)
  })
  afterAll(async () => sample[Symbol.asyncDispose]())

  const validated = (
    files: Readonly<Record<string, string | undefined>> = {},
    options: {
      overrides?: Readonly<Record<string, unknown>>
      guardOnly?: boolean
      path?: string
      testArguments?: readonly string[]
    } = {},
  ) =>
    sample.planted(files, () =>
      validateReference(
        project(options.overrides),
        {
          guardOnly: options.guardOnly ?? false,
          isMerge: false,
          testArguments: options.testArguments ?? [],
          timeoutMs: 60_000,
          places: {
            ...sample.places,
            environment: {
              ...sample.places.environment,
              ...(options.path === undefined ? {} : { PATH: options.path }),
            },
          },
        },
        stageContext(sample.places.temporary),
      ),
    )
  const textOf = (path: string) => readFileSync(join(sample.directory, path), 'utf8')
  const excepted = (path: string, change = 'tests') => {
    const expires = new Date(Date.now() + 10 * 24 * 3600_000).toISOString().slice(0, 10)
    return {
      'preserve.exceptions': [{ path, change, reason: 'agreed', owner: 'mesh team', expires }],
    }
  }
  const red = ({ checks }: StageResult) =>
    checks.filter(({ verdict }) => verdict === 'fail').map(({ id, detail }) => `${id}: ${detail}`)
  const checkOf = ({ checks }: StageResult, id: string): Check | undefined =>
    checks.find((one) => one.id === id)

  test('passes untouched, and nothing is written into the tree', async () => {
    const result = await validated()
    expect(red(result)).toEqual([])
    expect(result.verdict).toBe('pass')
    expect(new Set(result.checks.map(({ id }) => id.split('/')[0]))).toEqual(
      new Set([
        'baseline',
        'preserved',
        'tests-kept',
        'base',
        'imports',
        'surface',
        'commands',
        'tests',
        'tests-run',
        'tests-named',
      ]),
    )
    expect(result.data.changes).toEqual([])
    expect(result.data.suites[0]?.counts.ran).toBeGreaterThan(20)
  })

  test('passes without Python when only the files are compared, and says what was left out', async () => {
    const result = await validated({}, { guardOnly: true, path: '/nowhere' })
    expect(result.verdict).toBe('pass')
    expect(checkOf(result, 'reference')).toMatchObject({
      verdict: 'skipped',
      detail: 'only its files were compared',
    })
  })

  test('cannot be told where the packages are not installed, for that one cause', async () => {
    const result = await validated({}, { path: process.env.PATH ?? '' })
    expect(red(result)).toEqual([])
    expect(result.verdict).toBe('inconclusive')
    const open = result.checks.filter(({ verdict }) => verdict === 'inconclusive')
    expect(open.map(({ id }) => id)).toEqual([
      'imports/packages/mcp_mesh',
      'imports/packages/mcp_mesh_runtime',
      'imports/packages/mcp_mesh_runtime/as-in-repository',
      'commands/python packages/mcp_mesh_runtime/src/mcp_mesh_runtime/cli/main.py --help',
      'commands/mcp-mesh',
      'tests/packages/mcp_mesh',
    ])
    for (const { detail, fix } of open) {
      expect(detail).toMatch(/ (is|are) not installed in the environment of the python on PATH$/)
      expect(fix).toBe('run setup-mesh-toolchain first')
    }
    expect(checkOf(result, 'tests-run/packages/mcp_mesh')?.verdict).toBe('skipped')
    expect(checkOf(result, 'tests-named/packages/mcp_mesh')).toBeUndefined()
  })

  test('with packages/ gone fails at once, without asking Python', async () => {
    const result = await validated({ packages: undefined }, { path: '/nowhere' })
    expect(result.verdict).toBe('fail')
    expect(red(result)[0]).toBe('preserved/packages: the whole of it is gone')
    expect(result.checks.some(({ id }) => id.startsWith('imports'))).toBe(false)
  })

  test('a module that was renamed fails as moved, in its import and in the names that went with it', async () => {
    const old = `${PACKAGE}/metadata.py`
    const result = await validated({ [old]: undefined, [`${PACKAGE}/details.py`]: textOf(old) })
    expect(red(result)).toContainEqual(`preserved/${old}: it was moved to ${PACKAGE}/details.py`)
    expect(red(result)).toContainEqual(
      expect.stringMatching(/^imports\/packages\/mcp_mesh: .*mcp_mesh\.metadata/),
    )
    expect(red(result)).toContainEqual(
      expect.stringMatching(/^surface\/mcp_mesh\.metadata: the module .* is gone/),
    )
  })

  test('a decorator that was emptied to a docstring fails as emptied and by the names that it had', async () => {
    const path = `${RUNTIME}/decorators/mesh_agent.py`
    const result = await validated({ [path]: '"""The decorator."""\n' })
    expect(red(result)).toContainEqual(`preserved/${path}: no code is left in it`)
    expect(red(result)).toContainEqual(expect.stringMatching(/^surface\/.*mesh_agent/))
  })

  test('a default that changes fails at its line, and passes where its file has an exception', async () => {
    const path = `${PACKAGE}/decorator.py`
    const changed = textOf(path).replace(/(\bversion: str = )"[^"]*"/, '$1"9.9.9"')
    expect(changed).not.toBe(textOf(path))
    const result = await validated({ [path]: changed })
    const [loss] = result.checks.filter(({ id, verdict }) => id.startsWith('surface/') && verdict === 'fail')
    expect(loss).toMatchObject({
      detail: expect.stringMatching(/the default of parameter version was .* and is '9\.9\.9'/),
      location: { file: path, line: expect.any(Number) },
    })
    const expires = new Date(Date.now() + 10 * 24 * 3600_000).toISOString().slice(0, 10)
    const agreed = await validated(
      { [path]: changed },
      {
        overrides: {
          'preserve.exceptions': [
            { path, change: 'modified', reason: 'agreed', owner: 'mesh team', expires },
          ],
        },
      },
    )
    // Its own tests still say what the default was.
    expect(red(agreed).filter((one) => !one.startsWith('tests/'))).toEqual([])
    expect(checkOf(agreed, 'surface')).toMatchObject({
      verdict: 'pass',
      detail: expect.stringContaining('but for what was agreed on: '),
    })
    expect(checkOf(agreed, 'exceptions/1')?.verdict).toBe('pass')
  })

  test('a command that a package no longer installs is missed, and may be agreed on by its pyproject.toml', async () => {
    const path = 'packages/mcp_mesh_runtime/pyproject.toml'
    const without = textOf(path).replace(/^\[project\.scripts\]\nmcp-mesh = .*$/m, '')
    expect(without).not.toBe(textOf(path))
    const result = await validated({ [path]: without })
    expect(red(result)).toEqual(['surface/command mcp-mesh: the command mcp-mesh is gone'])
    const agreed = await validated({ [path]: without }, { overrides: excepted(path, 'modified') })
    expect(red(agreed)).toEqual([])
  })

  test('a test file that was deleted fails by its file, its tests and their number', async () => {
    const path = `${TESTS}/test_metadata.py`
    const result = await validated({ [path]: undefined })
    expect(red(result)).toEqual([
      `preserved/${path}: it was deleted`,
      expect.stringMatching(/^tests-kept: \d+ of \d+ are left: .* was deleted/),
      expect.stringMatching(/^tests-run\/packages\/mcp_mesh: \d+ of \d+ ran$/),
    ])
  })

  test('tests that are all marked to be skipped fail, though pytest is content', async () => {
    const files = ['test_metadata.py', 'test_injection.py']
    const result = await validated(
      Object.fromEntries(
        files.map((name) => [
          `${TESTS}/${name}`,
          `${textOf(`${TESTS}/${name}`)}\npytestmark = __import__("pytest").mark.skip\n`,
        ]),
      ),
    )
    expect(red(result)).toContainEqual(expect.stringMatching(/^tests\/packages\/mcp_mesh: .*skipped/))
    expect(red(result)).toContainEqual(expect.stringMatching(/^tests-kept: \d+ of \d+ are left/))
    expect(red(result)).toContainEqual(
      expect.stringMatching(/^tests-run\/packages\/mcp_mesh: 0 of \d+ ran, \d+ are skipped$/),
    )
  })

  /** Leaves all tests of a file out as they are collected, and puts as many of its own in their place. */
  const REPLACED = {
    [`${TESTS}/conftest.py`]: `def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "test_injection" not in item.nodeid]
`,
    [`${TESTS}/test_more.py`]: `import pytest
@pytest.mark.parametrize("n", range(100))
def test_nothing(n): ...
`,
  }

  test('tests that others take the place of are named, though as many run', async () => {
    const result = await validated(REPLACED)
    expect(checkOf(result, 'tests-run/packages/mcp_mesh')?.verdict).toBe('pass')
    expect(checkOf(result, 'tests-named/packages/mcp_mesh')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^\d+ tests of the baseline did not run: packages\/mcp_mesh\/tests\/test_injection\.py::test_\w+, .*, and \d+ more \(no result: not collected, deselected or only set up\)$/,
      ),
      location: { file: `${TESTS}/test_injection.py` },
    })
    const agreed = await validated(REPLACED, { overrides: excepted(`${TESTS}/test_injection.py`) })
    expect(red(agreed)).toEqual([])
    expect(checkOf(agreed, 'tests-named/packages/mcp_mesh')?.detail).toMatch(
      /, but for \d+ as was agreed on$/,
    )
  })

  test('what the project itself left out when its baseline was taken is not missed', async () => {
    const taken = await sample.planted(REPLACED, () =>
      takeBaseline(project(), sample.places, { testArguments: [], timeoutMs: 60_000 }),
    )
    const left = taken.tests.filter(({ notRun }) => notRun).map(({ id }) => id)
    expect(left.length).toBeGreaterThan(5)
    expect(left.every((id) => !id.startsWith(`${TESTS}/test_metadata.py`))).toBe(true)
    const result = await validated({ ...REPLACED, 'mesh.baseline': printBaseline(taken) })
    expect(red(result)).toEqual([])
    expect(checkOf(result, 'tests-named/packages/mcp_mesh')?.verdict).toBe('pass')
  })

  test('tests are not held one by one where the arguments select a part', async () => {
    const result = await validated({}, { testArguments: ['-k', 'test_'] })
    expect(result.verdict).toBe('pass')
    expect(checkOf(result, 'tests-named/packages/mcp_mesh')).toMatchObject({
      verdict: 'skipped',
      detail: 'not checked: test-arguments select a part of the tests (-k)',
    })
  })

  test('an exception for one file of tests excuses no other, and what is skipped as it runs says why', async () => {
    const hook = `import pytest
def pytest_runtest_setup(item):
    if "test_injection" in item.nodeid: pytest.skip("no network")
`
    const files = { [`${TESTS}/conftest.py`]: hook }
    const other = await validated(files, { overrides: excepted(`${TESTS}/test_metadata.py`) })
    expect(red(other)).toEqual([
      expect.stringMatching(/^tests-run\/packages\/mcp_mesh: \d+ of \d+ ran, \d+ are skipped$/),
      expect.stringMatching(/^tests-named\/packages\/mcp_mesh: \d+ tests .* \(skipped: no network\)$/),
      'exceptions/1: nothing needs it any more',
    ])
    const own = await validated(files, { overrides: excepted(`${TESTS}/test_injection.py`) })
    expect(red(own)).toEqual([])
    expect(checkOf(own, 'tests-run/packages/mcp_mesh')?.detail).toMatch(/ are skipped, as was agreed on$/)
  })

  test('fewer parameters of tests that all still run are agreed on for the whole folder alone', async () => {
    const more = textOf('mesh.baseline').replace(/^("packages\/mcp_mesh") \d+$/m, '$1 99')
    const fewer = (path: string) => validated({ 'mesh.baseline': more }, { overrides: excepted(path) })
    const one = await fewer(`${TESTS}/test_injection.py`)
    expect(checkOf(one, 'tests-run/packages/mcp_mesh')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^\d+ of 99 ran$/),
      fix: expect.stringMatching(/change: tests for packages\/mcp_mesh$/),
    })
    expect(red(await fewer('packages/mcp_mesh'))).toEqual([])
  })

  test('tests that are expected to fail prove nothing, and are missed', async () => {
    const path = `${TESTS}/test_injection.py`
    const text = textOf(path).replaceAll(/^( +)assert .*$/gm, '$1assert False')
    const result = await validated({
      [path]: `${text}\npytestmark = __import__("pytest").mark.xfail(reason="later")\n`,
    })
    expect(red(result)).toContainEqual(
      expect.stringMatching(/^tests-run\/packages\/mcp_mesh: \d+ of \d+ ran, \d+ are expected to fail$/),
    )
    expect(red(result)).toContainEqual(
      expect.stringMatching(/^tests-named\/packages\/mcp_mesh: .* \(expected to fail: later\)$/),
    )
  })

  test('a baseline that has lost its tests or their number cannot tell', async () => {
    const text = textOf('mesh.baseline')
    const result = await validated({ 'mesh.baseline': text.slice(0, text.indexOf('[tests]')) })
    expect(checkOf(result, 'tests-run/packages/mcp_mesh')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'the baseline does not say how many tests run in packages/mcp_mesh',
      fix: 'write it anew: mesh-actions baseline',
    })
    expect(checkOf(result, 'tests-named/packages/mcp_mesh')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'the baseline names no test there',
    })
  })

  test('a folder that is taken out of python.tests is missed', async () => {
    const result = await validated({}, { overrides: { 'python.tests': [] } })
    expect(red(result)).toEqual(['tests-run/packages/mcp_mesh: python.tests does not have it any more'])
  })

  test('a least number of tests can be set', async () => {
    const tests = { paths: ['packages/mcp_mesh'], minimum: 1000 }
    const result = await validated({}, { overrides: { 'python.tests': tests } })
    expect(red(result)).toEqual([expect.stringMatching(/^number-of-tests: /)])
  })

  test('no baseline is written of a reference whose tests fail', async () => {
    const broken = `${textOf(`${TESTS}/test_metadata.py`)}\n\ndef test_broken():\n    assert 1 == 2\n`
    await expect(
      sample.planted({ [`${TESTS}/test_metadata.py`]: broken }, () =>
        takeBaseline(project(), sample.places, { testArguments: [], timeoutMs: 60_000 }),
      ),
    ).rejects.toThrow(/no baseline is written of a reference that does not work: .*test_metadata\.py/)
  })

  test('a baseline is written over one that cannot be read, and what is new in it is told', async () => {
    const file = join(sample.directory, 'mesh.baseline')
    const before = readFileSync(file, 'utf8')
    const baseline = await takeBaseline(project(), sample.places, { testArguments: [], timeoutMs: 60_000 })
    expect(await writeBaseline(project(), baseline)).toEqual({ added: [], removed: [] })
    writeFileSync(file, `<<<<<<< ours\n${before}`)
    const { added, removed } = await writeBaseline(project(), baseline)
    expect([added.length > 100, removed]).toEqual([true, []])
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})
