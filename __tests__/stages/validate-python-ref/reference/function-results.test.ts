import { expect, test } from '@jest/globals'
import { functionResults } from '../../../../src/stages/validate-python-ref/reference/function-results.ts'
import type { NotedResult } from '../../../../src/stages/validate-python-ref/reference/pytest-record.ts'

const results = (...all: readonly (readonly [id: string, outcome: string, why?: string])[]) =>
  functionResults(
    { directory: '/p' },
    '/p/a',
    all.map(([id, outcome, why]): NotedResult => ({ id, when: 'call', outcome, ...(why ? { why } : {}) })),
  )

test.each([
  ['t/test_a.py::test_b', 'a/t/test_a.py::test_b'],
  ['t/test_a.py::TestA::test_b[c::d[e]]', 'a/t/test_a.py::TestA::test_b'],
  ['t/test_a.py::test_b[c]@group', 'a/t/test_a.py::test_b'],
  ['../b/test_[1].py::test_b', 'b/test_[1].py::test_b'],
  ['t/test_a.py', 'a/t/test_a.py'],
])('%s is the function %s', (node, id) => {
  expect(results([node, 'passed'])).toEqual([{ id, ran: true }])
})

test('a function runs where one of its parameters does, failures included', () => {
  expect(
    results(
      ['t.py::test_a[1]', 'skipped', 'no'],
      ['t.py::test_a[2]', 'failed'],
      ['t.py::test_a[3]', 'xfailed'],
    ),
  ).toEqual([{ id: 'a/t.py::test_a', ran: true }])
})

test('one that does not run says why', () => {
  expect(results(['t.py::test_a', 'skipped', 'no network'], ['t.py::test_b', 'xfailed'])).toEqual([
    { id: 'a/t.py::test_a', ran: false, why: 'skipped: no network' },
    { id: 'a/t.py::test_b', ran: false, why: 'expected to fail' },
  ])
})

test('what lies outside of the project is none of it', () => {
  expect(results(['../../x/test_a.py::test_b', 'passed'])).toEqual([])
})
