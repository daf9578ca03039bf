import { spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { type ProcessEntry, processTable } from '../../../src/process/process-table.ts'
import {
  type Listeners,
  listeners,
  listenersByLsof,
  misplaced,
  whoAnswers,
} from '../../../src/process/services/listeners.ts'

/** Listens somewhere with this process, and tells at which port. */
async function listening(host: string) {
  const server: Server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close() }
}

const self = (): readonly ProcessEntry[] => processTable().filter(({ pid }) => pid === process.pid)

const hasLsof = spawnSync('lsof', ['-v']).error === undefined
const ways: readonly [string, (processes: readonly ProcessEntry[]) => Listeners][] = [
  ...(process.platform === 'linux' ? [['/proc', listeners] as const] : []),
  ...(hasLsof ? [['lsof', listenersByLsof] as const] : []),
].map(([name, way]) => [name, way])

describe.each(ways)('who listens, asked of %s', (_, look) => {
  test('is told with address and port, as own or as somebody else’s', async () => {
    await using four = await listening('127.0.0.1')
    await using six = await listening('::1')
    const mine = look(self())
    expect(mine.certain).toBe(true)
    expect(mine.own).toContainEqual(expect.objectContaining({ address: '127.0.0.1', port: four.port }))
    expect(mine.own).toContainEqual(expect.objectContaining({ address: '::1', port: six.port }))
    expect(whoAnswers(four.port, mine)).toBe('own')
    expect(whoAnswers(six.port, mine)).toBe('nobody')
    expect(whoAnswers(four.port, look([]))).toEqual({ holder: expect.stringContaining(`(${process.pid})`) })
  })
})

describe('where a service listens', () => {
  const all = { address: '0.0.0.0', port: 5000 }
  const six = { address: '::1', port: 5000 }
  const other = { address: '127.0.0.1', port: 8000 }

  test('is right at its address, and at all addresses, whatever else it has', () => {
    for (const address of ['127.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1']) {
      expect(misplaced(5000, [{ address, port: 5000 }])).toBeUndefined()
    }
    expect(misplaced(5000, [other, all])).toBeUndefined()
    expect(misplaced(5000, [])).toBeUndefined()
  })

  test('is named when it is another port or address', () => {
    expect(misplaced(5000, [other])).toBe('listens on 127.0.0.1:8000, asked 5000')
    expect(misplaced(5000, [other, { address: '::', port: 9000 }])).toBe(
      'listens on 127.0.0.1:8000 and [::]:9000, asked 5000',
    )
    expect(misplaced(5000, [six, other])).toBe('listens on [::1]:5000 only, asked 127.0.0.1:5000')
  })

  test('the socket at the address itself answers before one at all addresses', () => {
    const others = [{ address: '127.0.0.1', port: 5000, holder: () => 'thief (7)' }]
    expect(whoAnswers(5000, { own: [all], others, certain: true })).toEqual({ holder: 'thief (7)' })
    expect(whoAnswers(5000, { own: [all], others: [], certain: true })).toBe('own')
    expect(whoAnswers(5000, { own: [], others, certain: false })).toBe('unknown')
    expect(whoAnswers(5000, { own: [], others: [], certain: false })).toBe('unknown')
  })
})
