import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Parameter,
  parseSignature,
  printCommand,
} from '../../../../src/stages/validate-python-ref/reference/signature.ts'

test.each([
  ['m.sub [module]', 'module', ['module'], undefined],
  ['m.MAX: float', 'value', [], undefined],
  ['m.NAME', 'value', [], undefined],
  ["m.C.p: dict[str, 'C'] [property]", 'value', ['property'], undefined],
  ['m.C [class]', 'class', ['class'], undefined],
  ['m.C() [class]', 'class', ['class'], []],
  ['m.f() -> list[int] [async]', 'function', ['async'], []],
  ['m.C.k() [async, classmethod]', 'function', ['async', 'classmethod'], []],
])('%s is a %s', (line, kind, labels, parameters) => {
  const name = /^[\w.]+/.exec(line)?.[0]
  expect(parseSignature(line)).toEqual({ name, kind, labels, parameters })
})

test('a command of a package is named apart from the modules, with what it calls', () => {
  const line = printCommand({ name: 'mcp-mesh', target: 'mcp_mesh.cli:main' })
  expect(line).toBe('mcp-mesh = mcp_mesh.cli:main [command]')
  expect(parseSignature(line)).toEqual({
    name: 'command mcp-mesh',
    kind: 'command',
    labels: ['command'],
    parameters: undefined,
    target: 'mcp_mesh.cli:main',
  })
})

test.each(['m [command]', '', '<<<<<<< HEAD', '=======', 'm.f(a', '- m.f(a)', 'm f'])(
  '"%s" is no public name',
  (line) => {
    expect(parseSignature(line)).toBeUndefined()
  },
)

const defaults = fc.constantFrom(
  undefined,
  'None',
  "'a, b'",
  '"it\'s )"',
  "'\\\\'",
  "{'k': [1, 2], 'l': (3, 4)}",
  "(lambda x, y=1: (x, 'a,b'))",
  'a == b',
  "'''x'''",
)
const annotations = fc.constantFrom(
  '',
  'int',
  'Callable[[F, int], F]',
  "Literal['=', ','] | None",
  'dict[str, int]',
)
const part = fc.record({ annotation: annotations, default: defaults })
const lists = fc.record({
  positional: fc.array(part, { maxLength: 3 }),
  plain: fc.array(part, { maxLength: 3 }),
  args: fc.boolean(),
  keyword: fc.array(part, { maxLength: 3 }),
  kwargs: fc.boolean(),
})

test('whatever a signature holds, each parameter is read with its kind and its default', () => {
  fc.assert(
    fc.property(lists, ({ positional, plain, args, keyword, kwargs }) => {
      const written: string[] = []
      const meant: Parameter[] = []
      const add = (parts: typeof plain, kind: Parameter['kind']) => {
        for (const { annotation, default: value } of parts) {
          const name = `p${meant.length}`
          const equals = annotation === '' ? '=' : ' = '
          written.push(
            `${name}${annotation && `: ${annotation}`}${value === undefined ? '' : `${equals}${value}`}`,
          )
          meant.push({ name, kind, default: value })
        }
      }
      add(positional, 'positional-only')
      if (positional.length > 0) written.push('/')
      add(plain, 'positional or keyword')
      if (args) {
        written.push('*rest: int')
        meant.push({ name: 'rest', kind: '*args', default: undefined })
      } else if (keyword.length > 0) written.push('*')
      add(keyword, 'keyword-only')
      if (kwargs) {
        written.push('**more')
        meant.push({ name: 'more', kind: '**kwargs', default: undefined })
      }
      const line = `m.f(${written.join(', ')}) -> Callable[[int], str]`
      expect(parseSignature(line)?.parameters).toEqual(meant)
    }),
  )
})
