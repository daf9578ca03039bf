import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { processTable } from '../../src/process/process-table.ts'
import { goMesh, HOST } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { areGone, isAlive } from '../support/processes.ts'
import { appears, job, type RunningStep } from '../support/running-action.ts'
import { STUBBORN } from '../support/stubborn.ts'

/** What a runner leaves between SIGINT and SIGTERM. */
const CANCEL_MS = 7_500

const STUBBORN_COMMAND = ['python3', 'stubborn.py']
const REGISTRY = { ready: { path: '/', status: 200 }, timeout: '60s' }

/** What each action is in the middle of when it is killed. */
const PHASES = {
  "a project's own command before a build": {
    action: 'cross-compile-go',
    inputs: {},
    config: { before: [STUBBORN_COMMAND] },
  },
  'the start of a registry that never gets ready': {
    action: 'go-python-integration',
    inputs: { only: 'deployments' },
    config: { deployments: { standalone: { ...REGISTRY, run: STUBBORN_COMMAND } } },
  },
  "a project's own script, with a registry beside it": {
    action: 'go-python-integration',
    inputs: { only: 'scripts' },
    config: {
      deployments: { standalone: { ...REGISTRY, run: ['python3', '-m', 'http.server', '{port}'] } },
      integration: { scripts: [STUBBORN_COMMAND] },
    },
  },
} as const

type Phase = keyof typeof PHASES

/** A small mesh, built, and a job on it that is in the middle of a phase. */
async function inTheMiddleOf(phase: Phase) {
  const { action, inputs, config } = PHASES[phase]
  const files = { 'stubborn.py': STUBBORN }
  const mesh = await goMesh({ files })
  if (action === 'go-python-integration') await mesh.compile()
  await mesh.write({ 'mesh.yml': JSON.stringify({ go: { platforms: [HOST] }, ...config }) })
  const runner = job(dirname(mesh.directory), mesh.directory)
  const step = runner.run(action, inputs)
  const pids = join(mesh.directory, 'pids')
  await Promise.race([
    appears(pids),
    step.ended.then(({ printed }) => Promise.reject(new Error(`it ended early:\n${printed}`))),
  ])
  return {
    runner,
    action,
    step,
    pids: readFileSync(pids, 'utf8').split(' ').map(Number),
    async [Symbol.asyncDispose]() {
      await step[Symbol.asyncDispose]()
      await mesh[Symbol.asyncDispose]()
    },
  }
}

/** The one child that has not got the mark, which the step left in its state. */
function watchdogOf(step: RunningStep, { mark }: Readonly<Record<string, string>>): number {
  const [watchdog, ...others] = processTable().filter(
    (entry) => entry.ppid === step.pid && !entry.carries(`MESH_ACTIONS_MARK=${mark}`),
  )
  if (!watchdog || others.length > 0) throw new Error(`${others.length + 1} watchdogs`)
  return watchdog.pid
}

describeWith(['go', 'python3'])('an action that is ended', () => {
  test.each(Object.keys(PHASES) as Phase[])(
    'by a cancel in the middle of %s ends all that it started, in time',
    async (phase) => {
      await using middle = await inTheMiddleOf(phase)
      const { step, pids, runner } = middle
      expect(pids.every(isAlive)).toBe(true)
      step.kill('SIGINT')
      expect(await areGone([step.pid, ...pids], CANCEL_MS)).toBe(true)
      const { code, printed } = await step.ended
      expect(code).toBe(130)
      expect(printed).toContain('::error::interrupted: nothing was decided')
      expect(readdirSync(runner.temporary)).toEqual([])
    },
  )

  test.each(Object.keys(PHASES) as Phase[])(
    'by SIGKILL in the middle of %s leaves no process and no folder',
    async (phase) => {
      await using middle = await inTheMiddleOf(phase)
      const { step, pids, runner } = middle
      const watchdog = watchdogOf(step, runner.state())
      step.kill('SIGKILL')
      expect(await areGone([step.pid, ...pids, watchdog])).toBe(true)
      expect(readdirSync(runner.temporary)).toEqual([])
    },
  )

  test('by SIGKILL, and its watchdog before it, has its processes ended by its post step', async () => {
    await using middle = await inTheMiddleOf("a project's own script, with a registry beside it")
    const { step, pids, runner, action } = middle
    process.kill(watchdogOf(step, runner.state()), 'SIGKILL')
    step.kill('SIGKILL')
    await step.ended
    expect(pids.every(isAlive)).toBe(true)
    await using post = runner.post(action)
    const { code, printed } = await post.ended
    expect(code).toBe(0)
    expect(printed).toMatch(
      /^::warning::go-python-integration: ended what was left running: .*sleep \(\d+\)/m,
    )
    expect(await areGone(pids)).toBe(true)
  })
})
