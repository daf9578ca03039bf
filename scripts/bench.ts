/**
 * Measures what the project promises of its speed, each as a ratio taken in one run: npm run bench [-- name…].
 * Prints a table; with --json FILE the figures go to a file as well. Exits with 1 when a ratio's median is over its limit.
 */
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { table } from '../src/result/markdown.ts'
import { formatBytes, formatDuration } from '../src/result/units.ts'
import { cacheBenchmarks } from './bench/caches.ts'
import { sampleCopy } from './bench/commands.ts'
import { crossCompileBenchmarks } from './bench/cross-compile.ts'
import { dockerBenchmarks } from './bench/docker.ts'
import { guardBenchmark } from './bench/guard.ts'
import { integrationBenchmarks } from './bench/integration.ts'
import { type Measured, measure, type Spread } from './bench/measure.ts'
import { pipelineBenchmark } from './bench/pipeline.ts'
import { startBenchmark } from './bench/start.ts'
import { toolchainBenchmarks } from './bench/toolchain.ts'

const args = process.argv.slice(2)
const jsonAt = args.indexOf('--json')
const file = jsonAt < 0 ? undefined : args.splice(jsonAt, 2)[1]

using sample = sampleCopy()
using start = startBenchmark(sample.path)
using toolchain = toolchainBenchmarks(sample.path)
using guard = guardBenchmark()
using integration = integrationBenchmarks(sample.path)
using docker = dockerBenchmarks(sample.path)
using pipeline = pipelineBenchmark()
await using caches = cacheBenchmarks(sample.path)
const all = [
  start,
  ...crossCompileBenchmarks(sample.path),
  ...toolchain.all,
  ...caches.all,
  guard,
  ...integration.all,
  ...docker.all,
  pipeline,
]
const unknown = args.find((name) => !all.some((one) => one.name === name))
if (unknown !== undefined)
  throw new Error(`no benchmark ${unknown}; there are ${all.map((one) => one.name).join(', ')}`)

const measured: Measured[] = []
for (const benchmark of all.filter((one) => args.length === 0 || args.includes(one.name))) {
  process.stderr.write(`${benchmark.name}: ${benchmark.pairs} pairs\n`)
  measured.push(await measure(benchmark))
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${formatBytes(totalmem())}, ${process.platform}, Node ${process.version}`
const three = ({ min, median, max }: Spread, show: (value: number) => string) =>
  `${show(median)} (${show(min)} to ${show(max)})`
process.stdout.write(
  `${machine}\n\n${table(
    ['benchmark', 'question', 'ratio: median (min to max)', 'at most', 'A', 'B', 'pairs'],
    measured.map((one) => [
      one.name,
      one.question,
      three(one.ratio, (value) => value.toFixed(2)),
      one.atMost.toFixed(2),
      three(one.a, one.unit === 'ms' ? formatDuration : formatBytes),
      three(one.b, one.unit === 'ms' ? formatDuration : formatBytes),
      String(one.pairs),
    ]),
  )}\n`,
)
if (file !== undefined) writeFileSync(file, `${JSON.stringify({ machine, measured }, null, 2)}\n`)
process.exitCode = measured.every((one) => one.ratio.median <= one.atMost) ? 0 : 1
