import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { OutputSink } from '../../src/process/log.ts'
import { deferred, shownLog } from '../support/logs.ts'

/** Begins a task that ends when it is told to; what it prints is shown through `output`. */
function begin(log: ReturnType<typeof shownLog>['log'], title: string) {
  const end = deferred()
  let output: OutputSink = () => {
    throw new Error('not begun')
  }
  const task = log.task(title, async (sink) => {
    output = sink
    await end.promise
    return title
  })
  return { task, end, output: (line: string) => output(line) }
}

describe('a log in groups', () => {
  test('a task alone is shown as it comes, between its marks, and gives back its value', async () => {
    const { log, shown } = shownLog()
    log.info('before')
    const a = begin(log, 'a')
    a.output('a1')
    expect(shown).toEqual(['before', '[ a', 'a1'])
    a.end.resolve()
    expect(await a.task).toBe('a')
    log.warn('after')
    expect(shown).toEqual(['before', '[ a', 'a1', ']', 'warning: after'])
  })

  test('of two tasks at once the second is held back until the first ends, and is then shown live', async () => {
    const { log, shown } = shownLog()
    const [a, b] = [begin(log, 'a'), begin(log, 'b')]
    b.output('b1')
    a.output('a1')
    b.output('b2')
    expect(shown).toEqual(['[ a', 'a1'])
    a.end.resolve()
    await a.task
    expect(shown).toEqual(['[ a', 'a1', ']', '[ b', 'b1', 'b2'])
    b.output('b3')
    expect(shown.at(-1)).toBe('b3')
    b.end.resolve()
    await b.task
    expect(shown).toEqual(['[ a', 'a1', ']', '[ b', 'b1', 'b2', 'b3', ']'])
  })

  test('a task that ends while it is held back is shown whole in its turn', async () => {
    const { log, shown } = shownLog()
    const [a, b, c] = [begin(log, 'a'), begin(log, 'b'), begin(log, 'c')]
    b.output('b1')
    b.end.resolve()
    await b.task
    expect(shown).toEqual(['[ a'])
    c.output('c1')
    a.end.resolve()
    await a.task
    expect(shown).toEqual(['[ a', ']', '[ b', 'b1', ']', '[ c', 'c1'])
    c.end.resolve()
    await c.task
  })

  test('a task that fails ends its group, hands on its error and lets the next one be shown', async () => {
    const { log, shown } = shownLog()
    const [a, b] = [begin(log, 'a'), begin(log, 'b')]
    a.end.reject(new Error('broken'))
    await expect(a.task).rejects.toThrow('broken')
    expect(shown).toEqual(['[ a', ']', '[ b'])
    b.end.resolve()
    await b.task
    expect(shown.at(-1)).toBe(']')
  })

  test('in whatever order tasks print and end, none is mixed, none is lost, and they stand as they began', async () => {
    const step = fc.record({ task: fc.nat({ max: 3 }), kind: fc.constantFrom('print', 'end') })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { log, shown } = shownLog()
        const tasks = ['a', 'b', 'c', 'd'].map((title) => ({
          title,
          printed: [] as string[],
          ...begin(log, title),
        }))
        const ended = new Set<string>()
        for (const [index, { task: at, kind }] of steps.entries()) {
          const task = tasks[at]
          if (!task || ended.has(task.title)) continue
          if (kind === 'end') {
            ended.add(task.title)
            task.end.resolve()
            await task.task
          } else {
            task.printed.push(`${task.title}${index}`)
            task.output(`${task.title}${index}`)
          }
        }
        for (const { end, task } of tasks) {
          end.resolve()
          await task
        }
        expect(shown).toEqual(tasks.flatMap(({ title, printed }) => [`[ ${title}`, ...printed, ']']))
      }),
    )
  })
})
