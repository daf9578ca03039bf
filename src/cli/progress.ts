import { groupedLog } from '../platform/grouped-log.ts'
import { allEnded } from '../process/all-ended.ts'
import type { Log } from '../process/log.ts'
import { inTurn } from './in-turn.ts'
import type { InOrder } from './order.ts'

/** What a stage's work gives: its value, and how to show it when it is done. */
export interface Shown<T> {
  readonly value: T
  readonly title: string
  readonly green: boolean
}

/** A stage to run: what it is called, and its work. */
interface ShownStage<T> {
  readonly name: string
  readonly work: (log: Log) => Promise<Shown<T>>
}

/** Shows what is going on while stages run. */
export interface Progress {
  /**
   * Runs stages, each when `when` lets it, and gives their values in the order in which they are given; the title of
   * each becomes the one that comes with its value.
   */
  stages<T>(stages: readonly ShownStage<T>[], when?: InOrder): Promise<readonly T[]>
  print(text: string): void
}

/** Side by side, as soon as they are there. */
const AT_ONCE: InOrder = (_, work) => work()

/** Live on a terminal; plain lines elsewhere, and on stderr when stdout is for JSON. */
export async function progress(json: boolean): Promise<Progress> {
  const live = !json && process.stdout.isTTY && process.env.TERM !== 'dumb' && !process.env.CI
  return live ? liveProgress() : plainProgress(json ? process.stderr : process.stdout)
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  const print = (line: string) => stream.write(`${line}\n`)
  return {
    stages: (stages, when = AT_ONCE) => {
      const turn = inTurn(print)
      const show = async <T>({ name, work }: ShownStage<T>): Promise<T> => {
        const { line, over } = turn()
        line(name)
        const log = groupedLog({
          line: (text) => line(text.startsWith(' ') ? text : `  ${text}`),
          warn: (text) => line(`  warning: ${text}`),
          open: (title) => line(`  ${title}`),
          close: () => undefined,
        })
        try {
          const { value, title } = await work(log)
          line(title)
          return value
        } finally {
          over()
        }
      }
      return allEnded(stages.map((stage) => when(stage.name, () => show(stage))))
    },
    print,
  }
}

async function liveProgress(): Promise<Progress> {
  const { Listr, ListrTaskState } = await import('listr2')
  return {
    async stages(stages, when = AT_ONCE) {
      // What came of the work, an error of its own included: the list itself only shows green or red.
      const outcomes: ReturnType<(typeof stages)[number]['work']>[] = []
      const list = new Listr(
        stages.map(({ name, work }, index) => ({
          title: name,
          rendererOptions: { outputBar: 6 },
          task: async (_, task) => {
            const lines = {
              title: (title: string) => {
                task.title = title
              },
              output: (line: string) => {
                task.output = line
              },
            }
            // The list starts all at once; one that waits is shown as that.
            task.task.state$ = ListrTaskState.WAITING
            const outcome = when(name, () => {
              task.task.state$ = ListrTaskState.STARTED
              return work(liveLog(name, lines))
            })
            outcomes[index] = outcome
            const { title, green } = await outcome
            task.title = title
            if (!green) throw new Error(title)
          },
        })),
        {
          concurrent: true,
          // Signals are ours: processes have to be ended first.
          registerSignalListeners: false,
          exitOnError: false,
          rendererOptions: { showErrorMessage: false },
        },
      )
      await list.run()
      return (await allEnded(outcomes)).map(({ value }) => value)
    },
    print: (text) => process.stdout.write(`${text}\n`),
  }
}

/** The tasks under way stand in the title, what they say below it. */
function liveLog(
  name: string,
  show: { title: (title: string) => void; output: (line: string) => void },
): Log {
  const running = new Set<string>()
  const title = () => show.title(running.size > 0 ? `${name}: ${[...running].join(', ')}` : name)
  return {
    info: show.output,
    warn: (line) => show.output(`warning: ${line}`),
    async task(called, body) {
      running.add(called)
      title()
      try {
        return await body(show.output)
      } finally {
        running.delete(called)
        title()
      }
    },
  }
}
