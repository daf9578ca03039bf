import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadProject } from '../../../../src/project/load.ts'
import { runTests, type TestOptions } from '../../../../src/stages/validate-python-ref/reference/tests.ts'
import { writeFiles } from '../../../support/go-module.ts'
import { describeWith } from '../../../support/needs.ts'
import { indexServer, pythonPlaces, useIndex } from '../../../support/python.ts'
import { checkNamed, type Reference, sampleReference } from '../../../support/reference.ts'

const OPTIONS: TestOptions = { arguments: [], timeoutMs: 60_000 }
const TESTS = 'packages/mcp_mesh/tests'
const CHECK = 'tests/packages/mcp_mesh'

describeWith(['python3 of version 3.11 or later'])('the tests of the sample', () => {
  let sample: Reference
  beforeAll(async () => {
    sample = await sampleReference()
  })
  afterAll(async () => sample[Symbol.asyncDispose]())

  /** The tests of one package, with these files in the stead of its own. */
  const outcomeWith = (
    files: Readonly<Record<string, string | undefined>>,
    options: Partial<TestOptions> = {},
    folders: readonly string[] = ['packages/mcp_mesh'],
  ) =>
    sample.planted(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/mcp_mesh/${path}`, text])),
      () => {
        const overrides = [{ path: ['python', 'tests'], value: folders, from: 'input "tests"' }]
        const project = loadProject({ directory: sample.directory, overrides })
        return runTests(project, sample.places, { ...OPTIONS, ...options })
      },
    )
  const only = (text: string) => ({ tests: undefined, 'tests/test_one.py': text })
  const checkWith = async (text: string, options?: Partial<TestOptions>) =>
    checkNamed((await outcomeWith(only(text), options)).checks, CHECK)

  test('pass with a pytest that was brought in, and nothing is written into the tree', async () => {
    const { checks, suites } = await outcomeWith({}, { minimum: 10 })
    expect(checks).toMatchObject([
      {
        id: CHECK,
        verdict: 'pass',
        detail: expect.stringMatching(
          /^\d+ passed in [^;]+; pytest [\d.]+ was brought in, as the environment has none; packages\/mcp_mesh\/pyproject\.toml declares it in the group "test": name it in extra-requirements of setup-mesh-toolchain to use that one$/,
        ),
      },
      { id: 'number-of-tests', verdict: 'pass' },
    ])
    const [suite] = suites
    expect(suite?.counts.collected).toBe(suite?.counts.passed)
    expect(suite?.tests.length).toBe(suite?.counts.collected)
    expect(suite?.slowest.length).toBe(10)
    expect(suite?.tests[0]).toMatchObject({
      id: expect.stringMatching(/^tests\/test_injection\.py::test_/),
      outcome: 'passed',
      file: `${TESTS}/test_injection.py`,
    })
    expect(readdirSync(sample.places.temporary)).toEqual([])
    expect(
      execFileSync('git', ['status', '--short', '--ignored'], { cwd: sample.directory, encoding: 'utf8' }),
    ).toBe('')
  })

  test('pass with a pytest that was brought in where no package declares it, and this is all that is said', async () => {
    const file = 'pyproject.toml'
    const text = readFileSync(join(sample.directory, 'packages/mcp_mesh', file), 'utf8')
    const runtime = join(sample.directory, 'packages/mcp_mesh_runtime', file)
    const declared = readFileSync(runtime, 'utf8')
    writeFileSync(runtime, declared.replace(/^test = .*$/m, 'test = ["pytest-xdist>=3.6"]'))
    try {
      const { checks } = await outcomeWith({ [file]: text.replace(/^test = .*$/m, 'test = []') })
      expect(checkNamed(checks, CHECK).detail).toMatch(/ was brought in, as the environment has none$/)
    } finally {
      writeFileSync(runtime, declared)
    }
  })

  test('are named from the project on, also where its path goes through a symbolic link', async () => {
    const directory = join(sample.places.folder, 'link')
    symlinkSync(sample.directory, directory)
    const overrides = [{ path: ['python', 'tests'], value: ['packages/mcp_mesh'], from: 'input "tests"' }]
    const { functions, suites } = await runTests(
      loadProject({ directory, overrides }),
      sample.places,
      OPTIONS,
    )
    expect(functions.length).toBeGreaterThan(10)
    expect(functions.filter(({ id }) => !/^packages\/mcp_mesh\/tests\/\w+\.py::test_\w+$/.test(id))).toEqual(
      [],
    )
    expect(suites[0]?.tests[0]?.file).toMatch(/^packages\/mcp_mesh\/tests\/test_/)
  })

  test('fail at the line that fails, each test by itself, and the others are counted', async () => {
    const { checks, suites } = await outcomeWith(
      only(`import pytest
class TestOf:
    @pytest.mark.parametrize("x", ["a/b", "<&>\\n"])
    def test_equal(self, x):
        y = 1
        assert x == y
def test_fixture(mocker): ...
@pytest.mark.skip
def test_skipped(): ...
@pytest.mark.xfail
def test_expected(): assert 0
def test_fine(): ...
`),
    )
    expect(checks).toMatchObject([
      {
        id: CHECK,
        verdict: 'fail',
        detail: expect.stringMatching(/^3 of 6 tests fail: .*test_equal\[a\/b\] and others/),
      },
      {
        id: `${CHECK}/tests/test_one.py::TestOf::test_equal[a/b]`,
        detail: "AssertionError: assert 'a/b' == 1",
        location: { file: `${TESTS}/test_one.py`, line: 6 },
      },
      {
        id: `${CHECK}/tests/test_one.py::TestOf::test_equal[<&>\\n]`,
        detail: expect.stringContaining("'<&>\\n' == 1"),
      },
      {
        id: `${CHECK}/tests/test_one.py::test_fixture`,
        detail: "fixture 'mocker' not found",
        fix: "install pytest-mock with the project's test requirements",
      },
    ])
    expect(suites[0]?.counts).toEqual({ collected: 6, ran: 4, passed: 1, failed: 3, skipped: 1, xfailed: 1 })
  })

  test('name at most twenty failures', async () => {
    const { checks } = await outcomeWith(
      only(
        'import pytest\n@pytest.mark.parametrize("n", range(25))\ndef test_it(n): assert "<" * n == "&"\n',
      ),
    )
    expect(checks).toHaveLength(21)
    expect(checks.at(-1)?.detail).toMatch(/, and 5 more$/)
  })

  test.each([
    [
      'every test skipped',
      'import pytest\npytestmark = pytest.mark.skip\ndef test_a(): ...\ndef test_b(): ...',
      [],
      'every one of 2 tests is skipped',
    ],
    [
      'a module skipped in whole',
      'import pytest\npytest.skip("no", allow_module_level=True)',
      [],
      'every one of 1 tests is skipped',
    ],
    [
      'every test expected to fail',
      'import pytest\n@pytest.mark.xfail\ndef test_a(): assert 0',
      [],
      'not one of 1 tests passes',
    ],
    [
      'tests that are only set up',
      'def test_a(): assert 0\ndef test_b(): assert 0',
      ['--setup-only'],
      '2 of 2 tests were set up and not run',
    ],
    [
      'tests whose setup is only planned',
      'def test_a(): assert 0',
      ['--setup-plan'],
      '1 of 1 tests were set up and not run',
    ],
    ['no tests', 'x = 1', [], 'no tests were found'],
    [
      'every test deselected',
      'def test_a(): ...',
      ['-k', 'nothing'],
      'all 1 tests that were found are deselected',
    ],
    [
      'an import that fails',
      'import no_such_thing',
      [],
      "tests/test_one.py cannot be collected: ModuleNotFoundError: No module named 'no_such_thing'",
    ],
    [
      'an unknown option',
      'def test_a(): ...',
      ['--no-such-option'],
      'pytest refuses how it is called: unrecognized arguments: --no-such-option',
    ],
    [
      'the option of a plugin that is not there',
      'def test_a(): ...',
      ['--cov=x'],
      'pytest refuses how it is called: unrecognized arguments: --cov=x',
    ],
    [
      'a plugin that is not there',
      'def test_a(): ...',
      ['-p', 'no_such_plugin'],
      'it misses the plugin no_such_plugin',
    ],
    [
      'a required plugin that is not there',
      'def test_a(): ...',
      ['-o', 'required_plugins=pytest-nothing'],
      'it misses the plugins that it requires: pytest-nothing',
    ],
    [
      'an interruption',
      'import pytest\ndef test_a(): raise KeyboardInterrupt',
      [],
      'it was interrupted: KeyboardInterrupt',
    ],
    [
      'an early end that claims success',
      'import pytest\ndef test_a(): ...\ndef test_b(): pytest.exit("done", returncode=0)\ndef test_c(): ...',
      [],
      'it ended in tests/test_one.py::test_b, after 1 of 3 tests',
    ],
    [
      'a test that ends the interpreter',
      'import os\ndef test_a(): os._exit(0)',
      [],
      'tests/test_one.py::test_a ends the interpreter: exit code 0',
    ],
    [
      'a test that crashes it',
      'import os\ndef test_a(): os.abort()',
      [],
      'tests/test_one.py::test_a ends the interpreter: ended by SIGABRT',
    ],
  ])('fail for %s, in its own words', async (_, text, args, detail) => {
    expect(await checkWith(`${text}\n`, { arguments: args })).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining(detail),
    })
  })

  test('fail for a conftest.py that cannot be loaded, and for an error inside of pytest', async () => {
    const loading = await outcomeWith({
      ...only('def test_a(): ...\n'),
      'tests/conftest.py': 'import no_such_thing\n',
    })
    expect(checkNamed(loading.checks, CHECK)).toMatchObject({
      detail: expect.stringMatching(/^conftest\.py cannot be loaded: ModuleNotFoundError: .*no_such_thing/),
      location: { file: `${TESTS}/conftest.py` },
    })
    const hook = 'def pytest_collection_modifyitems(): raise ValueError("broken hook")\n'
    const internal = await outcomeWith({ ...only('def test_a(): ...\n'), 'conftest.py': hook })
    expect(checkNamed(internal.checks, CHECK).detail).toMatch(
      /^pytest has an internal error: ValueError: broken hook/,
    )
  })

  test('fail at the test that hangs, whose stack is in the log', async () => {
    const text = 'import threading\ndef test_a(): ...\ndef test_hangs():\n    threading.Event().wait()\n'
    expect(await checkWith(text, { timeoutMs: 8_000 })).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^tests\/test_one\.py::test_hangs hangs: no end after \d\.\d s; the log has its stack/,
      ),
      location: { file: `${TESTS}/test_one.py`, line: 3 },
    })
    expect(sample.places.lines.some((line) => /File ".*test_one\.py", line 4 in test_hangs/.test(line))).toBe(
      true,
    )
  })

  test('fail where tests hang while they are collected, and show where that is', async () => {
    const text = 'import threading\nthreading.Event().wait()\n'
    expect(await checkWith(text, { timeoutMs: 8_000, arguments: ['-p', 'no:faulthandler'] })).toMatchObject({
      detail: expect.stringMatching(/^it hangs while tests are collected: no end after /),
    })
    expect(sample.places.lines.some((line) => /File ".*test_one\.py", line 2 in <module>/.test(line))).toBe(
      true,
    )
  })

  test('fail for fewer tests than the minimum, and for a folder that is not there', async () => {
    const few = await outcomeWith(only('def test_a(): ...\n'), { minimum: 2 })
    expect(checkNamed(few.checks, 'number-of-tests')).toMatchObject({
      verdict: 'fail',
      measured: { value: 1 },
      limit: { kind: 'at-least', value: 2 },
    })
    const gone = await outcomeWith({}, {}, ['packages/nothing'])
    expect(gone.checks).toMatchObject([
      { id: 'tests/packages/nothing', verdict: 'fail', detail: 'there is no folder packages/nothing' },
    ])
  })

  test('do not heed what the environment would have pytest do, and say so', async () => {
    sample.places.environment.PYTEST_ADDOPTS = '--collect-only'
    try {
      expect(await checkWith('def test_a(): ...\n')).toMatchObject({
        verdict: 'pass',
        detail: expect.stringMatching(/^1 passed .*; PYTEST_ADDOPTS was not heeded$/),
      })
    } finally {
      delete sample.places.environment.PYTEST_ADDOPTS
    }
  })

  test('that fail only beside others are green, and it is said; what fails alone as well is red', async () => {
    const once = `import pathlib
MARK = pathlib.Path(${JSON.stringify(join(sample.places.folder, 'once'))})
def test_once():
    first = not MARK.exists()
    MARK.write_text("")
    assert not first
`
    await writeFiles(sample.directory, {
      'more/one/test_once.py': once,
      'more/two/test_always.py': 'def test_always(): assert 0\n',
    })
    const { checks } = await outcomeWith({}, {}, ['more/one', 'more/two'])
    expect(checkNamed(checks, 'tests/more/one')).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(
        /^1 passed in .*; beside others it failed \(.*test_once\), run again it passes/,
      ),
    })
    expect(checkNamed(checks, 'tests/more/two')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^1 of 1 tests fail: .*; run again, it fails as well/),
    })
  })

  test('of the one folder that there is are run again as well where another stage was at work beside them', async () => {
    const once = `import pathlib
MARK = pathlib.Path(${JSON.stringify(join(sample.places.folder, 'disturbed'))})
def test_once():
    first = not MARK.exists()
    MARK.write_text("")
    assert not first
`
    await writeFiles(sample.directory, { 'disturbed/test_once.py': once })
    const { checks } = await outcomeWith({}, { isDisturbed: true }, ['disturbed'])
    expect(checkNamed(checks, 'tests/disturbed')).toMatchObject({
      verdict: 'pass',
      detail: expect.stringContaining('run again it passes'),
    })
  })

  test('cannot be told where pytest can be had from nowhere', async () => {
    await using index = await indexServer((_request, response) => {
      response.writeHead(404).end()
    })
    await using places = await pythonPlaces()
    useIndex(places, index.url)
    places.environment.PATH = sample.places.environment.PATH
    const { checks, suites } = await runTests(sample.project, places, OPTIONS)
    expect(suites).toEqual([])
    expect(checkNamed(checks, CHECK)).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(/^the environment has no pytest, and none can be fetched: .*pytest==/),
      fix: expect.stringContaining('extra-requirements'),
    })
  })
})
