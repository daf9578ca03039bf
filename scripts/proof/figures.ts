import { cpus } from 'node:os'
import { table } from '../../src/result/markdown.ts'
import { formatDuration } from '../../src/result/units.ts'
import type { Ended } from './one-run.ts'
import { ENDINGS, type Proven } from './proven.ts'

/** The figures of many runs, as Markdown; `again` is the command that gives them. */
export function figures(done: readonly Ended[], { stage, faults, kinds }: Proven, again: string): string {
  const slowest = (some: readonly Ended[], of: (one: Ended) => number) =>
    some.length === 0 ? '' : formatDuration(Math.max(...some.map(of)))
  const ofEndings = ENDINGS.map((ending) => {
    const some = done.filter((one) => one.ending === ending)
    const toEnd = ending === 'by itself' ? '' : slowest(some, (one) => one.endedMs)
    return [ending, String(some.length), toEnd, slowest(some, (one) => one.cleanMs)]
  })
  const ofFaults = faults.map(({ name }) => {
    const some = done.filter((one) => one.fault === name)
    const counts = ENDINGS.map((ending) => String(some.filter((one) => one.ending === ending).length))
    return [name, ...counts, slowest(some, (one) => one.cleanMs)]
  })
  const machine = `${cpus().length} processors, Node ${process.version}`
  return `${done.length} forced failures of ${stage} in a row (\`${again}\`), each a random fault ended in a random way at a random moment. After each, no process, temporary file, ${kinds} of it was left. ${machine}.

${table(['ended', 'runs', 'slowest end after the signal', 'slowest until nothing was left'], ofEndings)}

${table(['fault', ...ENDINGS, 'slowest until nothing was left'], ofFaults)}`
}
