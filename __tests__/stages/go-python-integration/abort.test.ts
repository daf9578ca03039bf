import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { pause } from '../../../src/process/services/pause.ts'
import { faultyAgent, faultyMesh, faultyRegistry } from '../../support/faulty-mesh.ts'
import { writeFiles } from '../../support/go-module.ts'

type Mesh = Awaited<ReturnType<typeof faultyMesh>>
type Options = Parameters<Mesh['integrate']>[0]

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** Runs the stage and cancels it as soon as `isTime`; what it rejects with. */
async function cancelled(mesh: Mesh, isTime: () => boolean, options: Options = {}) {
  const controller = new AbortController()
  const reason = new Error('cancelled')
  let done = false
  const stage = mesh
    .integrate(options, { signal: controller.signal })
    .then(
      (result) => `it ended before, with ${JSON.stringify(result.checks)}`,
      (error: unknown) => (error === reason ? 'cancelled' : error),
    )
    .finally(() => {
      done = true
    })
  while (!done && !isTime()) await pause(5)
  const cancelledAt = performance.now()
  controller.abort(reason)
  return { outcome: await stage, tookMs: performance.now() - cancelledAt }
}

const CALL = { agent: 'hello', tool: 'greeting', contains: 'never' }
const SLEEPING = ['python3', '-S', '-E', '-u', '-c', 'print("begins"); import time; time.sleep(300)']

/** A mesh that comes to a phase of the stage and does not get beyond it, and a line of the log by then. */
type Phase = readonly [string, Parameters<typeof faultyMesh>[0], RegExp, Options?]

const PHASES: readonly Phase[] = [
  [
    'while a registry is to be ready',
    { deployments: { standalone: faultyRegistry('never-listens') } },
    /standalone {2}= starts/,
  ],
  ['while agents are to register', { agents: [faultyAgent('asks-nothing')] }, /hello-on-standalone {2}= st/],
  [
    'while heartbeats are awaited',
    { agents: [faultyAgent('no-heartbeats')] },
    /hello-on-standalone {2}= ready/,
  ],
  [
    'while an agent is called',
    { agents: [faultyAgent('always-the-fallback')], calls: [CALL] },
    /hello-on-standalone {2}\| is called/,
  ],
  [
    'while an agent is to be noticed as killed',
    { deployments: { standalone: faultyRegistry('never-degrades') } },
    /hello-on-standalone {2}= ended by SIGKILL/,
  ],
  [
    'while a second registry hangs',
    { deployments: { standalone: faultyRegistry('second-hangs') } },
    /standalone-second {2}\| hangs/,
  ],
  [
    'while a registry is to end',
    { deployments: { standalone: faultyRegistry('ignores-sigterm') } },
    /standalone {2}\| stays/,
  ],
  [
    'while a registry is to be ready again',
    { deployments: { standalone: faultyRegistry('hangs-again') } },
    /standalone-again {2}= starts/,
  ],
  [
    'while the reference is to be ready for the control',
    { agents: [faultyAgent('exits')], deployments: { reference: faultyRegistry('never-listens') } },
    /reference {2}= starts/,
  ],
  ['while a script runs', { scripts: [SLEEPING] }, /script-1 {2}\| begins/, { only: ['scripts'] }],
]

describe('a stage that is cancelled', () => {
  test.each(PHASES)(
    '%s, rejects with the reason of it and leaves nothing',
    // With as many parameters as the longest row, jest would hand a callback to the shorter ones.
    async (_, config, line, options = {}) => {
      await using mesh = await faultyMesh(config)
      const log = join(mesh.logs, 'services.log')
      const { outcome, tookMs } = await cancelled(mesh, () => line.test(textOf(log)), options)
      expect(outcome).toBe('cancelled')
      expect(mesh.leftovers()).toEqual([])
      // What a runner gives after a cancel.
      expect(tookMs).toBeLessThan(7_500)
    },
  )

  test('while a Go test runs, rejects with the reason of it and leaves nothing', async () => {
    await using mesh = await faultyMesh()
    const begun = join(mesh.directory, 'begun')
    await writeFiles(mesh.directory, {
      'go.mod': 'module example.com/mesh\n\ngo 1.24\n',
      'hang_test.go': `package mesh

import (
	"os"
	"testing"
	"time"
)

func TestHang(t *testing.T) {
	os.WriteFile("begun", nil, 0o644)
	time.Sleep(5 * time.Minute)
}
`,
    })
    const { outcome } = await cancelled(mesh, () => existsSync(begun), { only: ['go-tests'] })
    expect(outcome).toBe('cancelled')
    expect(mesh.leftovers()).toEqual([])
  })
})
