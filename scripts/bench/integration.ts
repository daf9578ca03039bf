import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startService } from '../../src/process/services/index.ts'
import { answers } from '../../src/process/services/readiness.ts'
import { surroundings } from '../../src/process/services/surroundings.ts'
import { loadProject } from '../../src/project/load.ts'
import { integrate } from '../../src/stages/go-python-integration/index.ts'
import { HOST_PLATFORM } from '../../src/stages/setup-mesh-toolchain/go/platform.ts'
import { MESH_ACTIONS, NODE_24, wallTime } from './commands.ts'
import type { Benchmark } from './measure.ts'
import { preparedSample } from './prepared-sample.ts'

/** The sample's scripts that the stage takes the place of. */
export const SCRIPTS = [
  'test/integration/test_go_python_integration.sh',
  'test/deployment/test_deployment_flexibility.sh',
]

/** After so long each service begins to answer, in milliseconds. */
const DELAYS_MS = [0, 50, 150, 400, 1_000]

/** Says when it began to answer, in milliseconds since 1970, after the delay that it is given. */
const SERVER = `
const { createServer } = require('node:http')
setTimeout(() => {
  const server = createServer((request, response) => response.end())
  server.listen(Number(process.env.PORT), '127.0.0.1', () =>
    console.log('answers since ' + (performance.timeOrigin + performance.now())))
}, Number(process.argv[1]))
`

/** The stage against the scripts that it takes the place of, and how soon and how exactly it knows of its services. */
export function integrationBenchmarks(sample: string): Disposable & { readonly all: readonly Benchmark[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-integration-'))
  const place = { cwd: sample, env: {} }
  return {
    all: [
      {
        name: 'integration',
        question:
          "go-python-integration --only deployments against the sample's two test scripts in a row, which look for much less and sleep",
        atMost: 0.3,
        pairs: 3,
        async prepare() {
          Object.assign(place, { env: { PATH: preparedSample(sample, folder).PATH } })
          await this.a()
        },
        a: () =>
          wallTime(
            [...MESH_ACTIONS, 'run', 'go-python-integration', '--only', 'deployments', '--project', '.'],
            place,
          ),
        async b() {
          let sum = 0
          for (const script of SCRIPTS) sum += await wallTime(['bash', script], place)
          return sum
        },
      },
      {
        name: 'crash-to-red',
        question:
          'from the start of a registry that exits at once to the red result of the stage, against 1 s',
        atMost: 1,
        pairs: 7,
        a: () => crashToRed(sample, folder),
        b: async () => 1_000,
      },
      {
        name: 'ready-accuracy',
        question: `from the first answer that a service could give to the time that is found, the worst of ${DELAYS_MS.length} starts, against 20 ms`,
        atMost: 1,
        pairs: 7,
        a: () => readyError(folder),
        b: async () => 20,
      },
    ],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function crashToRed(sample: string, folder: string): Promise<number> {
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary, { recursive: true })
  const startedAt = performance.now()
  const { verdict } = await integrate(
    loadProject({ directory: sample }),
    {
      programs: { registry: 'false', cli: 'false' },
      platform: HOST_PLATFORM,
      deployments: ['standalone'],
      only: ['deployments'],
      timeoutMs: 30_000,
      logs: join(folder, 'logs'),
    },
    {
      log: { info: () => {}, warn: () => {}, task: (_, work) => work(() => {}) },
      signal: new AbortController().signal,
      attempt: 1,
      commit: 'unknown',
      now: () => new Date(),
      isDisturbed: () => false,
      temporary,
    },
  )
  if (verdict !== 'fail') throw new Error(`a registry that exits at once gave ${verdict}`)
  return performance.now() - startedAt
}

/** The most that a found time was off, in milliseconds. */
async function readyError(folder: string): Promise<number> {
  await using shared = surroundings({ logs: join(folder, 'logs'), signal: new AbortController().signal })
  let worst = 0
  for (const delayMs of DELAYS_MS) {
    let startedAt = 0
    await using service = await startService(
      {
        name: 'server',
        command: ({ port }) => {
          startedAt = performance.timeOrigin + performance.now()
          return {
            argv: [NODE_24, '-e', SERVER, String(delayMs)],
            cwd: folder,
            env: { PORT: String(port) },
          }
        },
        port: 'free',
        readiness: answers('/'),
        timeoutMs: 20_000,
        graceMs: 1_000,
      },
      shared,
    )
    const found = startedAt + service.readyMs
    // What it printed has been read when it is gone.
    await service.stop()
    const since = Number(/^answers since (.*)$/m.exec(service.tail().join('\n'))?.[1])
    worst = Math.max(worst, Math.abs(found - since))
  }
  return worst
}
