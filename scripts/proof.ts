/**
 * Forces failures of go-python-integration, one after another: a random fault, ended in a random way at a random
 * moment. After each, no process, port or temporary file of it may be left: npm run proof [-- --seed N --runs N].
 * Prints the figures; --write puts them into docs/proof.md. Fails on the first that leaves anything. Linux only.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../src/result/markdown.ts'
import { formatDuration } from '../src/result/units.ts'
import { FAULTS } from './proof/faults.ts'
import { ENDINGS, type Ended, oneRun } from './proof/one-run.ts'
import { oneOf, randomFrom } from './proof/random.ts'

/** A run that nobody ends takes about so long. */
const LATEST_MS = 5_000
/** What a runner gives between SIGINT and SIGTERM. */
const CANCEL_MS = 7_500

if (process.platform !== 'linux') throw new Error('leftovers are found in /proc, which only Linux has')
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    write: { type: 'boolean', default: false },
  },
})
const [seed, runs] = [Number(values.seed), Number(values.runs)]
const random = randomFrom(seed)

const done: Ended[] = []
for (let index = 1; index <= runs; index++) {
  const [fault, ending, afterMs] = [oneOf(random, FAULTS), oneOf(random, ENDINGS), random() * LATEST_MS]
  const ended = await oneRun(fault, ending, afterMs)
  done.push(ended)
  const when = ending === 'by itself' ? ending : `${ending} after ${formatDuration(afterMs)}`
  process.stderr.write(
    `${index}/${runs} ${fault.name}, ${when}: clean after ${formatDuration(ended.cleanMs)}\n`,
  )
  const wrong = faultOf(ended)
  if (wrong === undefined) continue
  process.stderr.write(`${wrong}\nagain: npm run proof -- --seed ${seed} --runs ${index}\n`)
  process.exit(1)
}
const text = figures()
process.stdout.write(text)
if (values.write) writeFileSync(join(import.meta.dirname, '..', 'docs', 'proof.md'), text)

/** What is wrong with how a run ended; undefined when nothing is. */
function faultOf({ ending, code, judged, endedMs, left }: Ended): string | undefined {
  if (left.length > 0) return `left behind:\n${left.join('\n')}`
  // Whatever is wrong with the mesh is a verdict; a mistake in mesh.yml would prove nothing.
  if (ending === 'by itself' && !judged) return `it ended without a result, with exit code ${code}`
  if (ending === 'SIGINT' && endedMs > CANCEL_MS)
    return `cancelled, it ended after ${formatDuration(endedMs)}`
  return undefined
}

function figures(): string {
  const slowest = (some: readonly Ended[], of: (one: Ended) => number) =>
    some.length === 0 ? '' : formatDuration(Math.max(...some.map(of)))
  const machine = `${cpus().length} processors, Node ${process.version}`
  const ofEndings = ENDINGS.map((ending) => {
    const some = done.filter((one) => one.ending === ending)
    const toEnd = ending === 'by itself' ? '' : slowest(some, (one) => one.endedMs)
    return [ending, String(some.length), toEnd, slowest(some, (one) => one.cleanMs)]
  })
  const ofFaults = FAULTS.map(({ name }) => {
    const some = done.filter((one) => one.fault === name)
    const counts = ENDINGS.map((ending) => String(some.filter((one) => one.ending === ending).length))
    return [name, ...counts, slowest(some, (one) => one.cleanMs)]
  })
  return `# Proof that nothing is left

${runs} forced failures of go-python-integration in a row (\`npm run proof -- --seed ${seed} --runs ${runs}\`), each a random fault ended in a random way at a random moment. After each, no process, port or temporary file of it was left. ${machine}.

${table(['ended', 'runs', 'slowest end after the signal', 'slowest until nothing was left'], ofEndings)}

${table(['fault', ...ENDINGS, 'slowest until nothing was left'], ofFaults)}
`
}
