import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nearest } from '../../src/project/nearest.ts'

const KEYS = ['platforms', 'output', 'commands', 'tags', 'tests']

describe('the nearest of several words', () => {
  test.each([
    ['platfroms', 'platforms'],
    ['platform', 'platforms'],
    ['tag', 'tags'],
    ['comands', 'commands'],
    ['output', 'output'],
  ])('%s means %s', (written, meant) => {
    expect(nearest(written, KEYS)).toBe(meant)
  })

  test.each(['x', 'xyzzy', 'size-limits', ''])('%j is near to none of them', (written) => {
    expect(nearest(written, KEYS)).toBeUndefined()
  })

  test('of nothing nothing is near', () => {
    expect(nearest('tags', [])).toBeUndefined()
  })

  test('a word with one letter left out, changed or added is found again', () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/)
    const edit = fc.constantFrom(['', 1], ['-', 1], ['-', 0])
    fc.assert(
      fc.property(word, fc.nat(), edit, (meant, at, [added, left]) => {
        const cut = at % meant.length
        const written = `${meant.slice(0, cut)}${added}${meant.slice(cut + Number(left))}`
        expect(nearest(written, ['0'.repeat(40), meant, ''])).toBe(meant)
      }),
    )
  })
})
