import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { difference } from '../../src/init/difference.ts'

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

test('equal texts have no difference', () => {
  expect(difference('one\ntwo\n', 'one\ntwo\n')).toEqual([])
})

test('a change is shown as diff -u shows it, with three lines around it and where it is', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13']
  const after = ['1', '2', '3', '4', 'five', '6', '7', '8', '9', '10', '11', '12', '13', '14']
  expect(difference(text(before), text(after))).toEqual([
    ...['@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'],
    ...['@@ -11,3 +11,4 @@', ' 11', ' 12', ' 13', '+14'],
  ])
})

test('a line end that is missing is a difference', () => {
  expect(difference('one\n', 'one')).toEqual(['@@ -1,1 +1,1 @@', '-one', '+one (no line end)'])
})

test('a new file is all additions', () => {
  expect(difference('', 'one\n')).toEqual(['@@ -0,0 +1,1 @@', '+one'])
})

test('carried out on the first text, a difference gives the second', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      expect(patched(before, difference(text(before), text(after)))).toEqual(after)
    }),
  )
})

function patched(before: readonly string[], lines: readonly string[]): readonly string[] {
  const result: string[] = []
  let next = 0
  for (const line of lines) {
    const [, at, count] = /^@@ -(\d+),(\d+) /.exec(line) ?? []
    if (at !== undefined) {
      const begin = Number(at) - (count === '0' ? 0 : 1)
      result.push(...before.slice(next, begin))
      next = begin
    } else if (line.startsWith('+')) result.push(line.slice(1))
    else {
      expect(line.slice(1)).toBe(before[next++])
      if (line.startsWith(' ')) result.push(line.slice(1))
    }
  }
  return [...result, ...before.slice(next)]
}
