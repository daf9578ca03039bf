import { expect, test } from '@jest/globals'
import { figuresJson, readFigures } from '../../src/report/figures.ts'
import type { Figure } from '../../src/report/model.ts'

const figure = (id: string, value: number, before: number | undefined): Figure => ({
  id,
  title: id,
  measured: { value, unit: 'bytes' },
  before,
})

const KEPT = figuresJson('f00', [figure('image-size/cli', 2, 1), figure('image-size/registry', 3, undefined)])

test('kept figures are for the next commit, and for their own one those that they were compared with', () => {
  expect([...readFigures(KEPT, 'f01')]).toEqual([
    ['image-size/cli', 2],
    ['image-size/registry', 3],
  ])
  expect([...readFigures(KEPT, 'f00')]).toEqual([['image-size/cli', 1]])
})

test.each([undefined, '', 'null', '[]', '{"image-size/cli":2}', KEPT.slice(0, -1), KEPT.replace('2', '"2"')])(
  'there are none in %j',
  (text) => {
    expect(readFigures(text, 'f01').size).toBe(0)
  },
)
