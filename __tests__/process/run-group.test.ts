import { describe, expect, test } from '@jest/globals'
import { type CommandOptions, run } from '../../src/process/run.ts'
import { areGone, isAlive } from '../support/processes.ts'

/** A shell that starts a child and a grandchild, prints the ids of all three, and waits for them. */
const FAMILY = `sh -c 'echo $$; sleep 60 & echo $!; wait' & echo $$; wait`

/** Runs a script and collects the numbers that it prints, telling when there are so many. */
function numbersOf(script: string, count: number, changes: Partial<CommandOptions> = {}) {
  const pids: number[] = []
  let all = () => {}
  const printed = new Promise<void>((resolve) => {
    all = resolve
  })
  const outcome = run(['/bin/sh', '-c', script], {
    cwd: '/',
    timeoutMs: 30_000,
    output: (line) => {
      pids.push(Number(line.replace('  | ', '')))
      if (pids.length === count) all()
    },
    ...changes,
  })
  return { pids, printed, outcome }
}

describe('nothing of a command outlives it', () => {
  test('isAlive tells who is there', async () => {
    expect(isAlive(process.pid)).toBe(true)
    const { pids, printed, outcome } = numbersOf('echo $$; exec sleep 60', 1, {
      timeoutMs: 1000,
    })
    await printed
    expect(pids.every(isAlive)).toBe(true)
    await outcome
    expect(pids.some(isAlive)).toBe(false)
  })

  test('a timeout ends its children and grandchildren too', async () => {
    const { pids, outcome } = numbersOf(FAMILY, 3, { timeoutMs: 1000 })
    expect((await outcome).ended).toBe('timed-out')
    expect(pids).toHaveLength(3)
    expect(await areGone(pids)).toBe(true)
  })

  test('a timeout ends one that ignores SIGTERM, after two seconds of grace', async () => {
    const script = `trap '' TERM; echo $$; sleep 60 & echo $!; while :; do sleep 0.05; done`
    const { pids, outcome } = numbersOf(script, 2, { timeoutMs: 700 })
    const { ended, signal, durationMs } = await outcome
    expect({ ended, signal }).toEqual({ ended: 'timed-out', signal: 'SIGKILL' })
    expect(durationMs).toBeGreaterThan(2_000)
    expect(pids).toHaveLength(2)
    expect(await areGone(pids)).toBe(true)
  })

  test('a grandchild that ignores SIGTERM goes with the command that does not', async () => {
    const script = `sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & echo $$; wait`
    const { pids, outcome } = numbersOf(script, 2, { timeoutMs: 700 })
    const { durationMs } = await outcome
    expect(durationMs).toBeLessThan(2_000)
    expect(pids).toHaveLength(2)
    expect(await areGone(pids)).toBe(true)
  })

  test('what a command leaves behind in the background goes, and does not hold up its end', async () => {
    const { pids, outcome } = numbersOf('sleep 60 & echo $!', 1)
    const { code, durationMs } = await outcome
    expect(code).toBe(0)
    expect(durationMs).toBeLessThan(5_000)
    expect(pids).toHaveLength(1)
    expect(await areGone(pids)).toBe(true)
  })

  test('a process that left the group and holds the pipe does not hold up the end either', async () => {
    const script = `
      const { spawn } = require('node:child_process')
      const child = spawn('sleep', ['30'], { detached: true, stdio: 'inherit' })
      child.unref()
      process.stdout.write(String(child.pid))`
    const outcome = await run([process.execPath, '-e', script], {
      cwd: '/',
      env: { NODE_OPTIONS: undefined },
      timeoutMs: 30_000,
      stdout: 'capture',
    })
    const pid = Number(outcome.stdout)
    expect(pid).toBeGreaterThan(1)
    // It is out of reach of its group; ending it is what the stage's mark is for.
    process.kill(pid, 'SIGKILL')
    expect(outcome.durationMs).toBeLessThan(10_000)
    expect(await areGone([pid])).toBe(true)
  })
})

describe('an abort', () => {
  test('rejects with its reason and leaves nothing', async () => {
    const controller = new AbortController()
    const { pids, printed, outcome } = numbersOf(FAMILY, 3, { signal: controller.signal })
    await printed
    expect(pids.every(isAlive)).toBe(true)
    const reason = new Error('cancelled')
    controller.abort(reason)
    await expect(outcome).rejects.toBe(reason)
    expect(await areGone(pids)).toBe(true)
  })

  test('that came before the start rejects as well', async () => {
    const reason = new Error('cancelled')
    const { outcome } = numbersOf('exec sleep 60', 1, { signal: AbortSignal.abort(reason) })
    await expect(outcome).rejects.toBe(reason)
  })

  test('that comes after the end changes nothing', async () => {
    const controller = new AbortController()
    const { outcome } = numbersOf('exit 3', 1, { signal: controller.signal })
    expect((await outcome).code).toBe(3)
    controller.abort()
    expect((await outcome).ended).toBe('exited')
  })
})
