import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Action,
  action,
  allInputs,
  allOutputs,
  input,
  kebabCase,
  output,
} from '../../src/platform/declare.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import type { Stage } from '../../src/result/stages.ts'

describe('text and path', () => {
  test.each([input.text('t'), input.path('p')])('are trimmed, and empty means not given', ({ parse }) => {
    expect(parse(' a b ')).toBe('a b')
    expect(parse('')).toBeUndefined()
    expect(parse(' \n')).toBeUndefined()
  })

  test('keep what stands inside of them', () => {
    expect(input.text('t').parse('-X main.version=1, -s')).toBe('-X main.version=1, -s')
  })
})

describe('a list', () => {
  const { parse } = input.list('l')

  test.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b ,', ['a', 'b']],
    ['a\nb\r\nc\n', ['a', 'b', 'c']],
    ['a b,c', ['a b', 'c']],
  ])('%j is %j', (text, items) => {
    expect(parse(text)).toEqual(items)
  })

  test.each(['', ' ', ',', '\n,\n'])('%j is not given', (text) => {
    expect(parse(text)).toBeUndefined()
  })

  test('however its items are separated, they come back', () => {
    const item = fc.stringMatching(/^[a-z0-9/._-]{1,10}$/)
    const separator = fc.constantFrom(',', '\n', ' , ', ',\n', '\r\n')
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), separator, (items, between) => {
        expect(parse(items.join(between))).toEqual(items)
      }),
    )
  })
})

describe('a flag', () => {
  const { parse } = input.flag('f', { default: 'true' })

  test.each(['true', 'True', 'TRUE', ' true '])('%j is true', (text) => {
    expect(input.flag('f', { default: 'false' }).parse(text)).toBe(true)
  })

  test.each(['false', 'False', 'FALSE'])('%j is false', (text) => {
    expect(parse(text)).toBe(false)
  })

  test('not given, it is its default', () => {
    expect(parse('')).toBe(true)
    expect(input.flag('f', { default: 'false' }).parse('')).toBe(false)
  })

  test.each(['yes', '1', 'tRUE', 'truefalse', 'on'])('%j is neither', (text) => {
    expect(() => parse(text)).toThrow(new ConfigurationError(`expected true or false, found "${text}"`))
  })
})

describe('a choice', () => {
  const { parse, example } = input.choice('c', ['fail', 'warn'], { default: 'fail' })

  test('is one of its choices, and its default when not given', () => {
    expect([parse('warn'), parse(' warn '), parse('')]).toEqual(['warn', 'warn', 'fail'])
    expect(example).toBe('<fail|warn>')
  })

  test.each(['Warn', 'ignore', 'fail,warn'])('%j is none of them', (text) => {
    expect(() => parse(text)).toThrow(new ConfigurationError(`expected fail or warn, found "${text}"`))
  })
})

describe('a part of several', () => {
  const { parse } = input.shard('s')

  test('is read when it lies between the first and the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), (index, total) => {
        if (index >= 1 && index <= total) expect(parse(`${index}/${total}`)).toEqual({ index, total })
        else expect(() => parse(`${index}/${total}`)).toThrow(ConfigurationError)
      }),
    )
  })

  test('is not given when empty', () => {
    expect(parse(' ')).toBeUndefined()
  })

  test.each(['2', '2/', '/4', '2-of-4', '-1/4', '1.5/4', '1/4/4', 'a/b', '1 / 4'])('%j is none', (text) => {
    expect(() => parse(text)).toThrow(
      new ConfigurationError(`expected a part and how many there are, as in 2/4, found "${text}"`),
    )
  })
})

describe('what an action takes and gives', () => {
  const declare = (stage?: Stage) =>
    action({
      ...(stage ? { stage } : {}),
      title: 'T',
      description: 'D',
      inputs: { tags: input.list('tags') },
      outputs: { totalBytes: output.text('bytes') },
      run: async () => ({ outputs: { totalBytes: 0 } }),
    }) as unknown as Action

  test('without a stage it has the common inputs and its own alone', () => {
    expect(Object.keys(allInputs(declare()))).toEqual(['config', 'workingDirectory', 'name', 'tags'])
    expect(Object.keys(allOutputs(declare()))).toEqual(['totalBytes', 'cause'])
  })

  test('with a stage it also says what to do about the verdict, and tells it', () => {
    const staged = declare('load-test')
    expect(Object.keys(allInputs(staged)).slice(-3)).toEqual(['onInconclusive', 'retentionDays', 'upload'])
    expect(Object.keys(allOutputs(staged))).toEqual(['verdict', 'totalBytes', 'cause'])
  })

  test('every default of the common inputs is one that they accept themselves', () => {
    const inputs = Object.values(allInputs(declare('load-test')))
    expect(inputs.length).toBeGreaterThan(4)
    for (const one of inputs) expect(() => one.parse(one.default)).not.toThrow()
  })

  test('names are written with dashes', () => {
    expect(['workingDirectory', 'onInconclusive', 'config'].map(kebabCase)).toEqual([
      'working-directory',
      'on-inconclusive',
      'config',
    ])
  })
})
