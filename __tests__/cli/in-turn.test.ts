import { expect, test } from '@jest/globals'
import { inTurn } from '../../src/cli/in-turn.ts'

test("the first one's lines come at once, those of the others when all before them are over", () => {
  const printed: string[] = []
  const turns = inTurn(3, (line) => printed.push(line))
  const [first, second, third] = [turns(0), turns(1), turns(2)]
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
})
