import { groupedLog } from '../../src/platform/grouped-log.ts'

/** A log in groups and what it has shown so far, a line for each thing shown. */
export function shownLog() {
  const shown: string[] = []
  const log = groupedLog({
    line: (line) => shown.push(line),
    warn: (line) => shown.push(`warning: ${line}`),
    open: (title) => shown.push(`[ ${title}`),
    close: () => shown.push(']'),
  })
  return { log, shown }
}

/** A promise with its ends in hand. */
export function deferred() {
  let resolve = () => {}
  let reject: (reason: Error) => void = () => {}
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  return { promise, resolve, reject }
}
