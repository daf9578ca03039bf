import { describe, expect, test } from '@jest/globals'
import { type ProcessEntry, processTable, psTable, withDescendants } from '../../src/process/process-table.ts'
import { run } from '../../src/process/run.ts'

/** Both ways of asking, where a machine has both: `e` is what procps calls the -E of macOS. */
const ways: readonly [string, () => readonly ProcessEntry[]][] =
  process.platform === 'linux'
    ? [
        ['/proc', processTable],
        ['ps', () => psTable(['axeww'])],
      ]
    : [['ps', processTable]]

describe.each(ways)('the processes of the machine, asked of %s', (_, table) => {
  test('hold this one with its parent and its environment', () => {
    const found = table().find(({ pid }) => pid === process.pid)
    expect(found).toMatchObject({ pid: process.pid, ppid: process.ppid })
    expect(found?.pgid).toBeGreaterThan(0)
    expect(found?.started).not.toBe('')
  })

  test('keep the time of their start, whatever they do', () => {
    const started = () => table().find(({ pid }) => pid === process.pid)?.started
    const before = started()
    const memory = Buffer.alloc(300_000_000)
    expect(started()).toBe(before)
    expect(memory).toHaveLength(300_000_000)
  })

  test('tell a child by its group, its start and what it carries', async () => {
    let found: ProcessEntry | undefined
    let carried: readonly unknown[] = []
    const controller = new AbortController()
    const outcome = run(['sh', '-c', 'echo $$; exec sleep 60'], {
      cwd: '/',
      env: { TOLD_BY: 'this' },
      timeoutMs: 30_000,
      signal: controller.signal,
      output: (line) => {
        found = table().find(({ pid }) => pid === Number(line.replace('  | ', '')))
        carried = ['TOLD_BY=this', 'TOLD_BY=thi'].map((assignment) => found?.carries(assignment))
        controller.abort()
      },
    })
    await expect(outcome).rejects.toThrow()
    expect(found?.pgid).toBe(found?.pid)
    expect(found?.ppid).toBe(process.pid)
    expect(carried).toEqual([true, false])
  })
})

test('descendants are found whatever the order of the table', () => {
  const entry = (pid: number, ppid: number) => ({ pid, ppid }) as ProcessEntry
  const table = [entry(4, 3), entry(3, 2), entry(2, 1), entry(9, 8)]
  const found = withDescendants([entry(2, 1)], table)
  expect(found.map(({ pid }) => pid).sort()).toEqual([2, 3, 4])
})
