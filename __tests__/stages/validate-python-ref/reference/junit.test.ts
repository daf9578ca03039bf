import { expect, test } from '@jest/globals'
import { readJunit } from '../../../../src/stages/validate-python-ref/reference/junit.ts'
import { readRecord } from '../../../../src/stages/validate-python-ref/reference/pytest-record.ts'

const report = (cases: string) =>
  `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite errors="0" skipped="0">${cases}</testsuite></testsuites>`

test('a report without tests has none', async () => {
  expect(await readJunit(report(''))).toEqual([])
  expect(await readJunit('<testsuites/>')).toEqual([])
})

test('a test that fails and whose fixture fails too is one failure', async () => {
  const one = 'classname="tests.test_a.TestB" name="test_c" file="tests/test_a.py" line="3"'
  expect(
    await readJunit(
      report(
        `<testcase ${one} time="0.5"><failure message="assert 0">E   assert 0&#10;&#10;tests/test_a.py:9: AssertionError</failure></testcase>` +
          `<testcase ${one} time="0.25"><error message="failed on teardown with &quot;x&quot;">tests/test_a.py:2: ValueError</error></testcase>`,
      ),
    ),
  ).toEqual([
    {
      id: 'tests/test_a.py::TestB::test_c',
      outcome: 'failed',
      durationMs: 750,
      file: 'tests/test_a.py',
      line: 9,
      message: 'assert 0',
    },
  ])
})

test('output with many thousand entities is no reason to refuse a report', async () => {
  const text = '&lt;&amp;&gt;'.repeat(50_000)
  const [one] = await readJunit(
    report(
      `<testcase classname="t" name="a" file="t.py"><failure message="&lt;no&gt;&#10;more">${text}</failure></testcase>`,
    ),
  )
  expect(one).toMatchObject({ id: 't.py::a', message: '<no>' })
})

test('a record that is torn in the middle of a line is read up to it', () => {
  const lines = [
    { kind: 'session', rootdir: '/p', version: '9.2.0' },
    { kind: 'collected', count: 2 },
    { kind: 'start', id: 'a', file: 'a.py', line: 1 },
    { kind: 'finish', id: 'a' },
    { kind: 'start', id: 'b', file: 'a.py', line: 4 },
  ]
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"kind":"fin`
  expect(readRecord(text)).toEqual({
    version: '9.2.0',
    rootdir: '/p',
    collected: 2,
    deselected: 0,
    running: [{ id: 'b', file: 'a.py', line: 4 }],
    results: [],
    hasEnded: false,
    code: undefined,
  })
})
