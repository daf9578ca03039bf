import { expect, test } from '@jest/globals'
import { foldedLogs } from '../../../src/report/html/logs.ts'
import { textOf } from '../../../src/report/html/markup.ts'
import type { LogText } from '../../../src/report/model.ts'
import { logText, resultOf, stageReport } from '../../support/reports.ts'

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('')

function shown(log: LogText, mostBytes = 10_000): string {
  const folded = foldedLogs([stageReport('docker-smoke', [], { logs: [log] })], mostBytes).get(log)
  return folded ? textOf(folded) : ''
}

const body = (fold: string) => /<pre [^>]*>([\s\S]*)<\/pre>/.exec(fold)?.[1]

test('a log is folded, without colours and with what no eye sees shown', () => {
  const fold = shown(logText('a<b', '\u001b[31mred\u001b[0m <i>\u0007\r\nnext\n'))
  expect(fold).toMatch(/^<details class="log"><summary>Log a&lt;b <span class="quiet">\(2 lines\)/)
  expect(body(fold)).toBe('red &lt;i&gt;&lt;U+0007&gt;\nnext')
})

test('of a log that is too long the end is there, and how many lines are missing is told', () => {
  const fold = shown(logText('a', lines(1, 100), 900), 80)
  expect(body(fold)).toBe(lines(92, 100).trimEnd())
  expect(fold).toContain('(9 lines, 991 before them are left out)')
})

test('a line without an end is cut', () => {
  expect(body(shown(logText('a', 'x'.repeat(9000))))).toBe(`${'x'.repeat(2000)}… (7000 more characters)`)
})

test('where there is no room for any of it, a log says that it is not there', () => {
  expect(shown(logText('a', lines(1, 3)), 0)).toContain('(0 lines, 3 before them are left out)')
  expect(shown(logText('a', ''))).toContain('(0 lines)')
})

test('the logs of red stages come first', () => {
  const [green, red] = [logText('green', lines(1, 9)), logText('red', lines(1, 9))]
  const check = { id: 'a', title: 'a', verdict: 'pass' } as const
  const stages = [
    stageReport('validate-python-ref', [resultOf('validate-python-ref', [check])], { logs: [green] }),
    stageReport('docker-smoke', [], { verdict: 'fail', logs: [red] }),
  ]
  const folded = foldedLogs(stages, 70)
  const of = (log: LogText) => body(textOf(folded.get(log) as never))
  expect(of(red)).toBe(lines(1, 9).trimEnd())
  expect(of(green)).toBe('line 9')
})
