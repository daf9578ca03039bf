import { expect, test } from '@jest/globals'
import { integrationDetails } from '../../../src/stages/go-python-integration/details.ts'

test('the slowest Go tests are a table, whatever they are called', () => {
  const slowestGoTests = [
    { id: 'example.com/mesh.TestStart/a|b', outcome: 'pass', durationMs: 1200 },
    { id: `example.com/mesh.Test${'x'.repeat(1000)}`, outcome: 'fail', durationMs: 300 },
  ] as const
  const lines = integrationDetails({ faults: [], slowestGoTests }).split('\n')
  expect(lines.slice(0, 3)).toEqual([
    '| slowest Go tests |  | time |',
    '| --- | --- | --- |',
    '| example.com/mesh.TestStart/a\\|b | pass | 1.2 s |',
  ])
  expect(lines[3]?.length).toBeLessThan(230)
})

test('services at fault are folded with what they said last; of very many the first', () => {
  const faults = Array.from({ length: 22 }, (_, index) => ({ service: `agent-${index}`, lines: [] }))
  const details = integrationDetails({ faults, slowestGoTests: [] })
  expect(details).toContain('<summary>The last lines of agent-0</summary>\n\nIt printed nothing.\n')
  expect(details.match(/<details>/g)).toHaveLength(20)
  expect(details).toMatch(/\n\nand 2 more services; their lines are in the log$/)
  expect(integrationDetails({ faults: [], slowestGoTests: [] })).toBe('')
})
