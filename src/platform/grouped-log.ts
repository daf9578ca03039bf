import type { Log } from '../process/log.ts'

/** How a log writes. Each takes one line without its end. */
export interface LogStyle {
  line(line: string): void
  warn(line: string): void
  /** Begins the output of a task. */
  open(title: string): void
  /** Ends it; nothing where an end needs no mark. */
  close(): void
}

interface Task {
  readonly title: string
  readonly held: string[]
  ended: boolean
}

/** A log that shows one task at a time: of those under way the oldest live, the others held back until their turn. */
export function groupedLog(style: LogStyle): Log {
  const queue: Task[] = []

  const show = (task: Task) => {
    style.open(task.title)
    for (const line of task.held.splice(0)) style.line(line)
  }
  const end = (task: Task) => {
    task.ended = true
    while (queue[0]?.ended) {
      style.close()
      queue.shift()
      if (queue[0]) show(queue[0])
    }
  }

  return {
    info: style.line,
    warn: style.warn,
    async task(title, work) {
      const task: Task = { title, held: [], ended: false }
      queue.push(task)
      if (queue[0] === task) show(task)
      try {
        return await work((line) => {
          if (queue[0] === task) style.line(line)
          else task.held.push(line)
        })
      } finally {
        end(task)
      }
    },
  }
}
