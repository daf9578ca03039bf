import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { printsLine } from '../../../src/process/services/readiness.ts'
import { areGone, isAlive } from '../../support/processes.ts'
import { openSurroundings } from '../../support/services.ts'

/** Python that starts `sleep` in a way of its own and prints the id of it. */
const IN_NEW_SESSION = `
child = subprocess.Popen(['sleep', '300'], start_new_session=True)
print('left', child.pid)`
const FORKED_TWICE = `
if os.fork() == 0:
    os.setsid()
    pid = os.fork()
    if pid: os._exit(0)
    print('left', os.getpid())
    os.execvp('sleep', ['sleep', '300'])
os.wait()`
const WITHOUT_ENVIRONMENT = `
child = subprocess.Popen(['sleep', '300'], start_new_session=True, env={})
print('left', child.pid)`

/** What a service says when all of it is there: one id for each process that it left. */
const idsIn = (lines: readonly string[]) =>
  lines.flatMap((line) => (line.startsWith('left ') ? [Number(line.slice('left '.length))] : []))

describe('stopping', () => {
  test('tells the exit code that the service chose, and that nothing is left', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(`
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
serve()`)
    const stopped = await service.stop()
    expect(stopped).toMatchObject({
      exit: { code: 7, signal: null },
      alreadyEnded: false,
      killed: false,
      leftovers: [],
      portHeldBy: undefined,
    })
    expect(stopped.durationMs).toBeGreaterThan(0)
    expect(await service.stop()).toBe(stopped)
    expect(await service.ended).toEqual({ code: 7, signal: null })
  })

  test('tells SIGTERM where the service has no answer to it', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start('serve()')
    expect((await service.stop()).exit).toEqual({ code: null, signal: 'SIGTERM' })
  })

  test('kills one that ignores SIGTERM, after its grace', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(
      `
signal.signal(signal.SIGTERM, signal.SIG_IGN)
serve()`,
      { graceMs: 300 },
    )
    const stopped = await service.stop()
    expect(stopped).toMatchObject({
      exit: { code: null, signal: 'SIGKILL' },
      killed: true,
      leftovers: [],
      portHeldBy: undefined,
    })
    expect(stopped.durationMs).toBeGreaterThanOrEqual(290)
  })

  test('waits no longer than two seconds from an abort that comes meanwhile', async () => {
    const controller = new AbortController()
    await using stage = await openSurroundings({ signal: controller.signal })
    await using service = await stage.start(
      `
signal.signal(signal.SIGTERM, lambda *_: print('asked to end'))
serve()`,
      { graceMs: 600_000 },
    )
    const stopped = service.stop()
    while (!service.tail().includes('asked to end')) {
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 5))])
    }
    controller.abort(new Error('cancelled'))
    expect(await stopped).toMatchObject({ killed: true, exit: { signal: 'SIGKILL' } })
  })

  test('kills at once where there is no grace', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(`
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
serve()`)
    expect(await service.stop({ graceMs: 0 })).toMatchObject({
      exit: { code: null, signal: 'SIGKILL' },
      killed: true,
    })
  })

  test('lets children in the group end a little later than their parent', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(`
late = "import os, signal, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.2), os._exit(0))); print('up', flush=True); time.sleep(300)"
subprocess.Popen([sys.executable, '-c', late], stdout=subprocess.PIPE).stdout.readline()
serve()`)
    expect(service.members()).toHaveLength(2)
    expect(await service.stop()).toMatchObject({ killed: false, leftovers: [], portHeldBy: undefined })
  })

  test.each([
    ['in a new session', IN_NEW_SESSION],
    ['forked twice', FORKED_TWICE],
    ['in a new session without its environment', WITHOUT_ENVIRONMENT],
  ])('names a process %s, and ends it', async (_, script) => {
    await using stage = await openSurroundings()
    await using service = await stage.start(`${script}\ntime.sleep(300)`, { readiness: printsLine(/^left /) })
    const [pid = 0] = idsIn(service.tail())
    expect(isAlive(pid)).toBe(true)
    const stopped = await service.stop()
    expect(stopped).toMatchObject({ killed: false, leftovers: [{ name: 'sleep', pid }] })
    expect(await areGone([pid])).toBe(true)
    expect(stage.shown.at(-1)).toMatch(` = ended what it left running: sleep (${pid})`)
  })

  test('finds what a service left that ended by itself, also as a failure to become ready', async () => {
    await using stage = await openSurroundings()
    const started = stage.start(`${FORKED_TWICE}\nsys.exit(1)`)
    await expect(started).rejects.toMatchObject({
      reason: 'ended',
      stopped: { leftovers: [{ name: expect.stringMatching(/^(sleep|python3)$/) }] },
    })
  })

  test('ends what is left of one service, and nothing of the others', async () => {
    await using stage = await openSurroundings()
    const options = { readiness: printsLine(/^left /) }
    await using first = await stage.start(`${IN_NEW_SESSION}\ntime.sleep(300)`, options)
    await using second = await stage.start(`${IN_NEW_SESSION}\ntime.sleep(300)`, options)
    const [pid = 0] = idsIn(second.tail())
    expect((await first.stop()).leftovers).toHaveLength(1)
    expect(isAlive(pid)).toBe(true)
    expect(isAlive(second.pid)).toBe(true)
    expect((await second.stop()).leftovers).toMatchObject([{ pid }])
  })

  test('names who listens at its port afterwards', async () => {
    await using stage = await openSurroundings()
    // The port is somebody else's from the start; the service never had it.
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()))
    try {
      const { port } = other.address() as { port: number }
      await using service = await stage.start(`print('up'); time.sleep(300)`, {
        port,
        readiness: printsLine(/^up$/),
      })
      expect((await service.stop()).portHeldBy).toMatch(`(${process.pid})`)
    } finally {
      other.close()
    }
  })
})
