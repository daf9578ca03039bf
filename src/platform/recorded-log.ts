import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '../process/log.ts'

/** A log that also goes to a file, where tasks under way at once are told apart by their title. */
export interface RecordedLog extends AsyncDisposable {
  readonly log: Log
  /** Resolves when all that was told so far is in the file. */
  written(): Promise<void>
}

/** Writes everything that a log is told to a file as well, which is begun anew. */
export function recordedLog(shown: Log, file: string): RecordedLog {
  mkdirSync(dirname(file), { recursive: true })
  const stream = createWriteStream(file)
  // A disk that is full must not take the verdict with it: what is shown is not lost.
  let broken = false
  stream.on('error', (error) => {
    if (!broken) shown.warn(`cannot write ${file}: ${error.message}`)
    broken = true
  })
  const record = (line: string) => {
    if (!broken) stream.write(`${line}\n`)
  }
  return {
    log: {
      info: (line) => {
        record(line)
        shown.info(line)
      },
      warn: (line) => {
        record(`warning: ${line}`)
        shown.warn(line)
      },
      task: (title, work) => {
        record(`${title}: begins`)
        return shown.task(title, (output) =>
          work((line) => {
            record(`${title}${line}`)
            output(line)
          }),
        )
      },
    },
    async written() {
      if (!broken) await new Promise<void>((resolve) => stream.write('', () => resolve()))
    },
    async [Symbol.asyncDispose]() {
      if (!broken) await new Promise((resolve) => stream.end(resolve))
    },
  }
}
