import { expect, test } from '@jest/globals'
import { inTurn } from '../../src/cli/in-turn.ts'

test('the lines of who came first are printed at once, those of the others when all before them are over', () => {
  const printed: string[] = []
  const turn = inTurn((line) => printed.push(line))
  const [first, second, third] = [turn(), turn(), turn()]
  third.line('c1')
  first.line('a1')
  second.line('b1')
  expect(printed).toEqual(['a1'])
  third.over()
  first.line('a2')
  first.over()
  expect(printed).toEqual(['a1', 'a2', 'b1'])
  second.line('b2')
  expect(printed).toEqual(['a1', 'a2', 'b1', 'b2'])
  second.over()
  expect(printed).toEqual(['a1', 'a2', 'b1', 'b2', 'c1'])
  const late = turn()
  late.line('d1')
  expect(printed.at(-1)).toBe('d1')
})
