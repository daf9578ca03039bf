import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { agentsIn, isHealthy, named } from '../../../src/mesh/registry.ts'
import { parseEvents } from '../../../src/stages/go-python-integration/go-test-events.ts'
import { degradedTooEarly } from '../../../src/stages/go-python-integration/heartbeat.ts'
import { shape } from '../../../src/stages/go-python-integration/same-code.ts'

describe('the events of go test -json', () => {
  const event = fc.record({ Action: fc.constantFrom('run', 'pass', 'output'), Output: fc.string() })

  test('are those lines that are events, in their order; all others are kept as they stand', () => {
    const stray = fc.string().filter((line) => !line.includes('\n') && line !== '' && !line.includes('{'))
    fc.assert(
      fc.property(fc.array(fc.oneof(event, stray)), (lines) => {
        const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
        const read = parseEvents(text)
        expect(read.events).toEqual(lines.filter((line) => typeof line !== 'string'))
        expect(read.stray).toEqual(lines.filter((line) => typeof line === 'string'))
      }),
    )
  })

  test('are no other JSON, whatever a test prints', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { events } = parseEvents(JSON.stringify(value))
        for (const one of events) expect(typeof one.Action).toBe('string')
      }),
    )
    expect(parseEvents('null\n1\n{"Action":7}\n{}\n[]').events).toEqual([])
  })
})

describe('the shape of an answer', () => {
  test('does not change with its values, nor with the order of its names', () => {
    const document = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()))
    fc.assert(
      fc.property(document, (one) => {
        const other = Object.fromEntries(
          Object.entries(one)
            .reverse()
            .map(([name, value]) => [name, typeof value === 'number' ? value + 1 : value]),
        )
        expect(shape(other)).toBe(shape(one))
      }),
    )
  })

  test('tells types, names and what stands in lists apart', () => {
    expect(shape({ b: [1, 'x', 2], a: null })).toBe('{"a":null,"b":[number|string]}')
    expect(shape(undefined)).toBe('no JSON')
    expect(new Set([{}, [], null, '', 0, false, { a: 1 }, { a: '' }].map(shape)).size).toBe(8)
  })
})

describe('what a registry tells', () => {
  test('is a list of agents, bare or in an object, or none', () => {
    expect(agentsIn([{ name: 'a' }])).toEqual([{ name: 'a' }])
    expect(agentsIn({ agents: [{ name: 'a', more: 1 }], count: 1 })).toEqual([{ name: 'a', more: 1 }])
    for (const other of [undefined, {}, { agents: 1 }, [{ id: 'a' }], 'agents']) {
      expect(agentsIn(other)).toBeUndefined()
    }
  })

  test('finds an agent by its name or its id', () => {
    const agents = [{ name: 'a' }, { name: 'b', id: 'a' }, { name: 'c' }]
    expect(named(agents, 'a')).toEqual(agents.slice(0, 2))
  })

  test('is healthy only in words that say so', () => {
    expect(['healthy', 'OK', 'up', 'pass'].every(isHealthy)).toBe(true)
    expect(['', 'unhealthy', 'not ok', 'degraded', 'starting', true, 200, undefined].some(isHealthy)).toBe(
      false,
    )
  })
})

describe('an agent is degraded too early', () => {
  const agent = (status: string, agoMs: number, more = {}) => ({
    name: 'hello',
    status,
    last_seen: new Date(Date.now() - agoMs).toISOString(),
    degraded_after: 60,
    ...more,
  })

  test('only before the time that its registry declares', () => {
    expect(degradedTooEarly(agent('degraded', 30_000))).toMatch(
      /^hello is degraded 30\.\d s after its last heartbeat, though its registry declares 1 min$/,
    )
    expect(degradedTooEarly(agent('degraded', 61_000))).toBeUndefined()
    expect(degradedTooEarly(agent('healthy', 0))).toBeUndefined()
  })

  test('not where the registry does not tell enough to say so', () => {
    for (const more of [
      { last_seen: undefined },
      { last_seen: 'yesterday' },
      { degraded_after: undefined },
    ]) {
      expect(degradedTooEarly(agent('degraded', 0, more))).toBeUndefined()
    }
  })
})
