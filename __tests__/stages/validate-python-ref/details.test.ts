import { expect, test } from '@jest/globals'
import { referenceDetails } from '../../../src/stages/validate-python-ref/details.ts'
import type { TestSuite } from '../../../src/stages/validate-python-ref/reference/test-suite.ts'

function suite(folder: string, slowest: TestSuite['slowest'] = []): TestSuite {
  const counts = { collected: 7, ran: 4, passed: 3, failed: 1, skipped: 2, xfailed: 1 }
  return { folder, pytest: '9.0.0', durationMs: 1500, counts, tests: [], slowest }
}

const NOTHING = { changes: [], suites: [], addedNames: [], changedNames: [] }

test('the tests are counted by folder, with the slowest of all folders', () => {
  const details = referenceDetails({
    ...NOTHING,
    suites: [
      suite('a', [{ id: 't.py::test_slow[|<b>]', durationMs: 900 }]),
      suite('b', [{ id: 't.py::test_slower', durationMs: 1200 }]),
    ],
  })
  expect(details.split('\n').filter((line) => !line.includes('---'))).toEqual([
    '| tests of | collected | ran | passed | failed | skipped | expected to fail | time |',
    '| a | 7 | 4 | 3 | 1 | 2 | 1 | 1.5 s |',
    '| b | 7 | 4 | 3 | 1 | 2 | 1 | 1.5 s |',
    '',
    '| slowest tests | in | time |',
    '| t.py::test\\_slower | b | 1.2 s |',
    '| t.py::test\\_slow\\[\\|&lt;b&gt;\\] | a | 900 ms |',
  ])
})

test.each(['addedNames', 'changedNames'])('%s are listed, twenty of them', (key) => {
  const names = Array.from({ length: 23 }, (_, index) => `m.f${index}()`)
  const lines = referenceDetails({ ...NOTHING, [key]: names }).split('\n')
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(20)
  expect(lines.at(-1)).toBe('and 3 more')
})

test('files that are modified or new are listed, twenty of them; what is red is told by its check', () => {
  const lines = referenceDetails({
    ...NOTHING,
    changes: [
      { kind: 'deleted', path: 'p/gone.py' },
      { kind: 'modified', path: 'p/a_b.py' },
      ...Array.from({ length: 23 }, (_, index) => ({ kind: 'added' as const, path: `p/${index}.py` })),
    ],
  }).split('\n')
  expect(lines.slice(0, 4)).toEqual([
    'Files that are modified or new since the baseline:',
    '',
    '- modified: p/a\\_b.py',
    '- added: p/0.py',
  ])
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(20)
  expect(lines.at(-1)).toBe('and 4 more')
})

test('they stay small, whatever the project has', () => {
  const long = 'x'.repeat(100_000)
  const slowest = Array.from({ length: 10 }, () => ({ id: long, durationMs: 1 }))
  const suites = Array.from({ length: 500 }, () => suite(long, slowest))
  const names = Array.from({ length: 500 }, () => long)
  const changes = names.map((path) => ({ kind: 'added' as const, path }))
  const details = referenceDetails({ changes, suites, addedNames: names, changedNames: names })
  expect(details.length).toBeLessThan(40_000)
})

test('there are none where only files were compared and none has changed', () => {
  expect(referenceDetails(NOTHING)).toBe('')
})
