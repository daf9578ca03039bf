import { expect, test } from '@jest/globals'
import { compareSurface } from '../../../../src/stages/validate-python-ref/reference/compare-surface.ts'

const BASELINE = [
  'm [module]',
  'm.C(a: int) [class]',
  'm.C.go(x)',
  'm.f(a, b=1, *, c: str = "q") -> int',
  'm.sub [module]',
  'm.sub.g()',
]

/** The names as they are now: the baseline's, with a line in the stead of those of this name. */
function now(changes: Readonly<Record<string, string>> = {}) {
  const lines = BASELINE.map((line) => changes[line] ?? line).filter((line) => line !== '')
  return lines.map((text, index) => ({ text, file: 'm.py', line: index + 1 }))
}

const F = 'm.f(a, b=1, *, c: str = "q") -> int'

test('passes for the names of the baseline', () => {
  expect(compareSurface(BASELINE, now())).toEqual({
    checks: [expect.objectContaining({ id: 'surface', verdict: 'pass', detail: '6 names' })],
    added: [],
    changed: [],
  })
})

test.each([
  ['', 'the command m is gone'],
  ['m = m.cli:other [command]', 'it called m.cli:main and calls m.cli:other'],
])('fails for a command that is now "%s"', (line, detail) => {
  const other = 'm.sub = m.sub:main [command]'
  const lines = [line, other].filter((one) => one !== '')
  const names = [...now(), ...lines.map((text) => ({ text, file: 'pyproject.toml', line: 9 }))]
  expect(compareSurface([...BASELINE, 'm = m.cli:main [command]', other], names).checks).toMatchObject([
    { id: 'surface/command m', verdict: 'fail', detail },
  ])
})

test('cannot tell from a baseline without names', () => {
  expect(compareSurface([], now()).checks).toMatchObject([{ id: 'surface', verdict: 'inconclusive' }])
})

test.each([
  ['m.f(a, *, c: str = "q") -> int', 'parameter b is gone'],
  ['m.f(b=1, a=2, *, c: str = "q") -> int', 'parameter a was number 1, where b is now'],
  ['m.f(a, z=0, b=1, *, c: str = "q") -> int', 'parameter b was number 2, where z is now'],
  ['m.f(a, b=2, *, c: str = "q") -> int', 'the default of parameter b was 1 and is 2'],
  ['m.f(a, b, *, c: str = "q") -> int', 'parameter b has lost its default 1'],
  ['m.f(a, *, b=1, c: str = "q") -> int', 'parameter b was positional or keyword and is keyword-only'],
  ['m.f(a, b=1, *, c: str = "q", d) -> int', 'the new parameter d has no default'],
  ['m.f(a, b=1, *, c: str = "q") -> int [async]', 'it was a plain function and is async'],
  ['m.f: int', 'a function has become a value'],
])('fails for what is now %s', (line, detail) => {
  const { checks } = compareSurface(BASELINE, now({ [F]: line }))
  expect(checks).toEqual([
    expect.objectContaining({
      id: 'surface/m.f',
      verdict: 'fail',
      detail,
      location: { file: 'm.py', line: 4 },
    }),
  ])
})

test.each([
  'm.f(a=0, b=1, *, c: str = "q", d=None) -> int',
  'm.f(a, b=1, e=2, *rest, c: str | None = "q", **more) -> float',
])('passes for %s, which takes what it took', (line) => {
  const comparison = compareSurface(BASELINE, now({ [F]: line }))
  expect(comparison.checks).toMatchObject([{ verdict: 'pass' }])
  expect(comparison.changed).toEqual([line])
})

test('a module that is gone is told once, at what it was in', () => {
  const { checks } = compareSurface(BASELINE, now({ 'm.sub [module]': '', 'm.sub.g()': '' }))
  expect(checks).toMatchObject([
    {
      id: 'surface/m.sub',
      detail: 'the module m.sub is gone, with 1 public name in it',
      location: { file: 'm.py', line: 1 },
    },
  ])
})

test('a name and its re-export are told once', () => {
  const before = ['a.f(x=1)', 'a.sub.f(x=1)']
  const after = ['a.f(x=2)', 'a.sub.f(x=2)'].map((text) => ({ text, file: 'a/sub.py', line: 7 }))
  expect(compareSurface(before, after).checks).toMatchObject([
    { id: 'surface/a.f', detail: 'the default of parameter x was 1 and is 2 (also as a.sub.f)' },
  ])
})

test('new names are told and do not fail', () => {
  const { checks, added } = compareSurface(BASELINE, [...now(), { text: 'm.new()', file: 'm.py', line: 9 }])
  expect(checks).toMatchObject([{ verdict: 'pass' }])
  expect(added).toEqual(['m.new()'])
})

test('a line that is no public name fails', () => {
  const { checks } = compareSurface([...BASELINE, '>>>>>>> theirs'], now())
  expect(checks).toMatchObject([
    { verdict: 'fail', detail: `the baseline's ">>>>>>> theirs" is no public name` },
  ])
})
