import { groupedLog } from '../platform/grouped-log.ts'
import type { Log } from '../process/log.ts'

/** What a stage's work gives: its value, and how to show it when it is done. */
export interface Shown<T> {
  readonly value: T
  readonly title: string
  readonly green: boolean
}

/** Shows what is going on while stages run. */
export interface Progress {
  /** Runs a stage; its title becomes the one that comes back with the value. */
  stage<T>(name: string, work: (log: Log) => Promise<Shown<T>>): Promise<T>
  print(text: string): void
}

/** Live on a terminal; plain lines elsewhere, and on stderr when stdout is for JSON. */
export async function progress(json: boolean): Promise<Progress> {
  const live = !json && process.stdout.isTTY && process.env.TERM !== 'dumb' && !process.env.CI
  return live ? liveProgress() : plainProgress(json ? process.stderr : process.stdout)
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  const print = (line: string) => stream.write(`${line}\n`)
  return {
    async stage(name, work) {
      print(name)
      const log = groupedLog({
        line: (line) => print(line.startsWith(' ') ? line : `  ${line}`),
        warn: (line) => print(`  warning: ${line}`),
        open: (title) => print(`  ${title}`),
        close: () => undefined,
      })
      const { value, title } = await work(log)
      print(title)
      return value
    },
    print,
  }
}

async function liveProgress(): Promise<Progress> {
  const { Listr } = await import('listr2')
  return {
    async stage(name, work) {
      // What came of the work, an error of its own included: the list itself only shows green or red.
      let outcome: Promise<Shown<Awaited<ReturnType<typeof work>>['value']>> | undefined
      const list = new Listr(
        [
          {
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
              outcome = work(liveLog(name, lines))
              const { title, green } = await outcome
              task.title = title
              if (!green) throw new Error(title)
            },
          },
        ],
        {
          // Signals are ours: processes have to be ended first.
          registerSignalListeners: false,
          exitOnError: false,
          rendererOptions: { showErrorMessage: false },
        },
      )
      await list.run()
      if (!outcome) throw new TypeError('the list ran no task')
      return (await outcome).value
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
