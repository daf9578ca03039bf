import { groupedLog } from '../platform/grouped-log.ts'
import type { Log } from '../process/log.ts'

/** Shows what is going on while stages run. */
export interface Progress {
  /** Runs a stage; its title becomes the one that comes back with the value. */
  stage<T>(name: string, work: (log: Log) => Promise<{ value: T; title: string }>): Promise<T>
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
      let kept: { value: Awaited<ReturnType<typeof work>>['value'] } | undefined
      const list = new Listr(
        [
          {
            title: name,
            rendererOptions: { outputBar: 6, timer: { condition: false, field: '' } },
            task: async (_, task) => {
              const running = new Set<string>()
              const say = (line: string) => {
                task.output = line
              }
              const { value, title } = await work({
                info: say,
                warn: (line) => say(`warning: ${line}`),
                async task(called, body) {
                  running.add(called)
                  task.title = `${name}: ${[...running].join(', ')}`
                  try {
                    return await body(say)
                  } finally {
                    running.delete(called)
                    task.title = [name, [...running].join(', ')].filter((part) => part !== '').join(': ')
                  }
                },
              })
              kept = { value }
              task.title = title
            },
          },
        ],
        // Signals are ours: processes have to be ended first.
        { registerSignalListeners: false, rendererOptions: { removeEmptyLines: false } },
      )
      await list.run()
      if (!kept) throw new TypeError('the stage came to no end')
      return kept.value
    },
    print: (text) => process.stdout.write(`${text}\n`),
  }
}
