/**
 * Forces failures of a stage, one after another: a random fault, ended in a random way at a random moment. After each,
 * nothing of it may be left, neither processes nor files nor what the stage holds elsewhere (ports; containers, volumes,
 * networks and image names): npm run proof [-- --stage NAME --seed N --runs N].
 * Prints the figures; --write puts them into docs/proof.md. Fails on the first that leaves anything. Linux only.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatDuration } from '../src/result/units.ts'
import { betweenMarks } from './generate/marked.ts'
import { dockerProof } from './proof/docker/index.ts'
import { figures } from './proof/figures.ts'
import { integrationProof } from './proof/integration/index.ts'
import { type Ended, oneRun } from './proof/one-run.ts'
import { ENDINGS, type Proven } from './proof/proven.ts'
import { oneOf, randomFrom } from './proof/random.ts'

/** What a runner gives between SIGINT and SIGTERM. */
const CANCEL_MS = 7_500
const DOCUMENT = join(import.meta.dirname, '..', 'docs', 'proof.md')

const PROOFS: Readonly<Record<string, { readonly runs: number; prepared(): Promise<Proven> }>> = {
  'go-python-integration': { runs: 100, prepared: async () => integrationProof() },
  'docker-smoke': { runs: 50, prepared: dockerProof },
}

if (process.platform !== 'linux') throw new Error('leftovers are found in /proc, which only Linux has')
const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'go-python-integration' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const proof = PROOFS[values.stage]
if (!proof) throw new Error(`no proof of ${values.stage}; there are ${Object.keys(PROOFS).join(', ')}`)
const [seed, runs] = [Number(values.seed), Number(values.runs ?? proof.runs)]
const again = `npm run proof -- --stage ${values.stage} --seed ${seed} --runs`
const random = randomFrom(seed)
await using proven = await proof.prepared()

const done: Ended[] = []
let wrong: string | undefined
while (done.length < runs && wrong === undefined) {
  const fault = oneOf(random, proven.faults)
  const [ending, afterMs] = [oneOf(random, fault.endings ?? ENDINGS), random() * fault.latestMs]
  const ended = await oneRun(proven, fault, ending, afterMs)
  done.push(ended)
  const when = ending === 'by itself' ? ending : `${ending} after ${formatDuration(afterMs)}`
  process.stderr.write(
    `${done.length}/${runs} ${fault.name}, ${when}: clean after ${formatDuration(ended.cleanMs)}\n`,
  )
  wrong = faultOf(ended)
}
if (wrong === undefined) {
  const text = figures(done, proven, `${again} ${runs}`)
  process.stdout.write(`${text}\n`)
  if (values.write) writeFileSync(DOCUMENT, betweenMarks(readFileSync(DOCUMENT, 'utf8'), values.stage, text))
} else {
  process.stderr.write(`${wrong}\nagain: ${again} ${done.length}\n`)
  process.exitCode = 1
}

/** What is wrong with how a run ended; undefined when nothing is. */
function faultOf({ ending, code, judged, endedMs, left }: Ended): string | undefined {
  if (left.length > 0) return `left behind:\n${left.join('\n')}`
  // Whatever is wrong with the project's programs is a verdict; a mistake in mesh.yml would prove nothing.
  if (ending === 'by itself' && !judged) return `it ended without a result, with exit code ${code}`
  if (ending === 'SIGINT' && endedMs > CANCEL_MS)
    return `cancelled, it ended after ${formatDuration(endedMs)}`
  return undefined
}
