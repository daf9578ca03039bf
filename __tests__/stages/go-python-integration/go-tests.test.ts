import { expect, test } from '@jest/globals'
import { loadProject } from '../../../src/project/load.ts'
import { goTests } from '../../../src/stages/go-python-integration/go-tests.ts'
import { writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { stageContext } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const GO_MOD = 'module example.com/mesh\n\ngo 1.24\n'

/** A file of tests with this in it. */
const tests = (body: string, imports: readonly string[] = []) => `package mesh

import (
${['testing', ...imports].map((name) => `\t"${name}"`).join('\n')}
)

${body}
`

const GREEN = tests('func TestGreen(t *testing.T) {}')

/** The Go tests of a module in the folder `go` of a project: files by path in the module. */
async function goTestsOf(files: Readonly<Record<string, string>>, timeoutMs = 120_000, go = {}) {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, {
    'mesh.yml': JSON.stringify({ go: { directory: 'go', ...go } }),
    ...Object.fromEntries(
      Object.entries({ 'go.mod': GO_MOD, ...files }).map(([path, text]) => [`go/${path}`, text]),
    ),
  })
  const context = stageContext(folder.path)
  const found = await goTests(loadProject({ directory: folder.path }), timeoutMs, context)
  const [first, ...others] = found.checks
  return { first, others, tests: found.tests, lines: context.lines }
}

describeWith(['go'])('the Go tests of a project', () => {
  test('are green when they pass, with their number and each one’s time', async () => {
    const {
      first,
      others,
      tests: ran,
    } = await goTestsOf({
      'a_test.go': tests('func TestA(t *testing.T) { t.Run("part", func(t *testing.T) {}) }'),
      'inner/b_test.go': tests('func TestB(t *testing.T) { t.Skip("not here") }'),
    })
    expect(first).toMatchObject({
      id: 'go-tests',
      verdict: 'pass',
      detail: '2 passed, 1 skipped',
      measured: { value: 2, unit: 'count' },
    })
    expect(others).toEqual([])
    expect(ran.map(({ id, outcome }) => [id, outcome]).sort()).toEqual([
      ['example.com/mesh.TestA', 'pass'],
      ['example.com/mesh.TestA/part', 'pass'],
      ['example.com/mesh/inner.TestB', 'skip'],
    ])
  })

  test('that fail are red, each at its line; of a test with parts only the parts', async () => {
    const { first, others } = await goTestsOf({
      'green_test.go': GREEN,
      'inner/red_test.go': tests(`func TestRed(t *testing.T) {
	t.Log("before")
	t.Errorf("got %d, want %d", 1, 2)
}

func TestParts(t *testing.T) {
	t.Run("good", func(t *testing.T) {})
	t.Run("bad", func(t *testing.T) { t.Fatal("no agents") })
}`),
    })
    expect(first).toMatchObject({ verdict: 'fail', detail: '2 failed of 5' })
    expect(others).toEqual([
      {
        id: 'go-test/example.com/mesh/inner.TestRed',
        title: 'TestRed passes',
        verdict: 'fail',
        detail: 'got 1, want 2',
        location: { file: 'go/inner/red_test.go', line: 9 },
      },
      {
        id: 'go-test/example.com/mesh/inner.TestParts/bad',
        title: 'TestParts/bad passes',
        verdict: 'fail',
        detail: 'no agents',
        location: { file: 'go/inner/red_test.go', line: 14 },
      },
    ])
  })

  test('show in the log what those that fail have said', async () => {
    const { lines } = await goTestsOf({
      'red_test.go': tests('func TestRed(t *testing.T) { t.Error("##[error]one") }'),
    })
    expect(lines.filter((line) => line.includes('one'))).toEqual(['  |     red_test.go:7: ## [error]one'])
  })

  test('that do not compile are red at the line of the error', async () => {
    const { first, others } = await goTestsOf({
      'green_test.go': GREEN,
      'inner/broken_test.go': tests('func TestBroken(t *testing.T) { missing() }'),
    })
    expect(first).toMatchObject({ verdict: 'fail', detail: '1 failed of 1' })
    expect(others).toEqual([
      expect.objectContaining({
        verdict: 'fail',
        detail: 'undefined: missing',
        location: { file: 'go/inner/broken_test.go', line: 7, column: 33 },
      }),
    ])
  })

  test('of a package whose import does not compile are red with the error in the import, at its line', async () => {
    const { others } = await goTestsOf({
      'green_test.go': GREEN.replace(
        'import (',
        'import (\n\t_ "example.com/mesh/inner"\n\t_ "example.com/mesh/none"',
      ),
      'other/other_test.go': GREEN.replace('import (', 'import (\n\t_ "example.com/mesh/inner"'),
      'inner/inner.go': 'package inner\n\nvar it = missing\n',
    })
    const found = others.map(({ id, detail, location }) => [
      id.replace('go-test/example.com/mesh', '.'),
      detail,
      location?.file,
      location?.line,
    ])
    expect(found).toEqual(
      expect.arrayContaining([
        ['./inner', 'undefined: missing', 'go/inner/inner.go', 3],
        ['./other', 'example.com/mesh/inner cannot be built: undefined: missing', 'go/inner/inner.go', 3],
        [
          '.',
          expect.stringMatching(/^example\.com\/mesh\/none cannot be built: (package|no required module).* /),
          'go/green_test.go',
          5,
        ],
      ]),
    )
  })

  test('are those that the tags of the build show', async () => {
    const { first } = await goTestsOf(
      {
        'mesh.go': '//go:build fast\n\npackage mesh\n\nconst Speed = 2\n',
        'fast_test.go': tests('func TestFast(t *testing.T) { _ = Speed }'),
      },
      undefined,
      { tags: ['fast', 'other'] },
    )
    expect(first).toMatchObject({ verdict: 'pass', detail: '1 passed' })
  })

  test('that go vet refuses are red at the line', async () => {
    const { first, others } = await goTestsOf({
      'vet_test.go': tests('func TestVet(t *testing.T) { t.Logf("%d", "text") }'),
    })
    expect(first?.verdict).toBe('fail')
    expect(others).toEqual([
      expect.objectContaining({
        verdict: 'fail',
        detail: expect.stringMatching(/Logf format %d has arg "text" of wrong type string$/),
        location: expect.objectContaining({ file: 'go/vet_test.go', line: 7 }),
      }),
    ])
  })

  test('that panic are red with the panic, at the line where it was', async () => {
    const { first, others } = await goTestsOf({
      'panic_test.go': tests(`func TestPanic(t *testing.T) {
	var names map[string]int
	names["a"] = 1
}`),
    })
    expect(first).toMatchObject({ verdict: 'fail', detail: '1 failed of 1' })
    expect(others).toEqual([
      {
        id: 'go-test/example.com/mesh.TestPanic',
        title: 'TestPanic passes',
        verdict: 'fail',
        detail: expect.stringMatching(/^panic: assignment to entry in nil map/),
        location: { file: 'go/panic_test.go', line: 9 },
      },
    ])
  })

  test('that end the whole program are red with the package', async () => {
    const { others } = await goTestsOf({
      'main_test.go': tests(
        `func TestMain(m *testing.M) {
	os.Stdout.WriteString("no database here\\n")
	os.Exit(3)
}`,
        ['os'],
      ),
    })
    expect(others).toEqual([
      {
        id: 'go-test/example.com/mesh',
        title: 'the tests of example.com/mesh run',
        verdict: 'fail',
        detail: 'no database here',
      },
    ])
  })

  test('that hang are red with their names when the time is over', async () => {
    const { first } = await goTestsOf(
      {
        'hang_test.go': tests('func TestGreen(t *testing.T) {}\nfunc TestHang(t *testing.T) { select {} }'),
        'other_test.go': tests('func TestSleep(t *testing.T) { t.Parallel(); time.Sleep(time.Hour) }', [
          'time',
        ]),
      },
      15_000,
    )
    expect(first).toMatchObject({ verdict: 'fail' })
    expect(first?.detail).toMatch(/example\.com\/mesh\.Test(Hang|Sleep).* did not end$/)
  })

  test.each([
    ['of which there are none', { 'mesh.go': 'package mesh\n' }, 'there is no test in ./...'],
    [
      'of which every one is skipped',
      { 'skip_test.go': tests('func TestSkip(t *testing.T) { t.Skip() }') },
      'all 1 tests are skipped',
    ],
    [
      'that Go does not get to, since go.mod is broken',
      { 'go.mod': 'modul example.com/mesh\n', 'green_test.go': GREEN },
      'exit code 1: go: errors parsing go.mod: go.mod:1: unknown directive: modul',
    ],
    [
      'that Go does not get to, since there is no go.mod',
      { 'go.mod': '', 'green_test.go': GREEN },
      /^exit code 1: .*go\.mod/,
    ],
  ] as const)('%s, are red', async (_, files, detail) => {
    const { first } = await goTestsOf(files)
    expect(first).toMatchObject({ id: 'go-tests', verdict: 'fail' })
    expect(first?.detail).toMatch(detail)
  })
})
