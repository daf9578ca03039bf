import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { ServiceFailure } from '../../../src/process/services/failure.ts'
import { pause } from '../../../src/process/services/pause.ts'
import {
  answersJson,
  jsonFieldIs,
  printsLine,
  type Readiness,
} from '../../../src/process/services/readiness.ts'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'
import { isAlive } from '../../support/processes.ts'
import { openSurroundings, pythonService } from '../../support/services.ts'

/** The failure of a start, which must be one. */
async function failureOf(started: Promise<AsyncDisposable>): Promise<ServiceFailure> {
  const failure = await started.then(
    async (service) => {
      await service[Symbol.asyncDispose]()
      throw new Error('it became ready')
    },
    (error: unknown) => error,
  )
  if (!(failure instanceof ServiceFailure)) throw failure
  return failure
}

/** Listens at a port as somebody else, and answers nothing. */
async function holding(port: number) {
  const server = createServer((socket) => socket.resume().end('HTTP/1.1 200 OK\r\n\r\n{}'))
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve()),
  )
  return { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

describe('a service that works', () => {
  test('is ready at its free port, answers, and is gone after its scope', async () => {
    await using stage = await openSurroundings()
    let pid = 0
    {
      await using service = await stage.start('serve()')
      pid = service.pid
      expect(service.url).toBe(`http://127.0.0.1:${service.port}`)
      expect(await (await fetch(`${service.url}/health`)).json()).toEqual({ status: 'healthy' })
      expect(service.readyMs).toBeGreaterThan(0)
      expect(service.exit).toBeUndefined()
    }
    expect(isAlive(pid)).toBe(false)
  })

  test('takes as long to be ready as it says itself, or longer, and no longer than its starter waited', async () => {
    await using stage = await openSurroundings()
    const script = `
began = time.monotonic()
class Telling(Server):
    def server_activate(self):
        super().server_activate()
        print(1000 * (time.monotonic() - began))
serve(server=Telling)`
    const startedAt = performance.now()
    await using service = await stage.start(script)
    const waitedMs = performance.now() - startedAt
    const saidMs = Number(service.tail()[0])
    expect(saidMs).toBeGreaterThan(0)
    expect(service.readyMs).toBeGreaterThan(saidMs)
    expect(service.readyMs).toBeLessThanOrEqual(waitedMs)
  })

  test('is asked only now and then while there is no sign of it, and becomes ready without one as well', async () => {
    await using stage = await openSurroundings()
    const script = `
class Counting(Handler):
    def do_GET(self):
        print('asked', flush=True)
        super().do_GET()
threading.Timer(1, lambda: globals().update(body=b'{"status": "healthy"}')).start()
body, Handler = b'{}', Counting
serve()`
    const { missing } = jsonFieldIs('/health', 'status', 'healthy') as Extract<Readiness, { kind: 'http' }>
    const never = new Promise(() => {})
    await using service = await stage.start(script, {
      readiness: { kind: 'http', target: '/health', missing, sign: never },
    })
    expect(service.tail().length).toBeLessThanOrEqual(service.readyMs / 250 + 1)
  })

  test('may need a field of a JSON document', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start('serve()', {
      readiness: jsonFieldIs('/health', 'status', 'healthy'),
    })
    expect(service.exit).toBeUndefined()
    const failure = await failureOf(
      stage.start('serve()', { readiness: jsonFieldIs('/health', 'status', 'fine'), timeoutMs: 3_000 }),
    )
    expect(failure.message).toBe(
      'registry was not ready after 3.0 s: GET /health answers with "healthy" for status, not "fine"',
    )
  })

  test('may need something of a document elsewhere, as an agent of its registry', async () => {
    await using stage = await openSurroundings()
    await using registry = await stage.start(`body = b'["hello"]'; serve()`)
    const has = (name: string) =>
      answersJson(`${registry.url}/agents`, (agents) =>
        Array.isArray(agents) && agents.includes(name) ? undefined : `has no agent ${name}`,
      )
    await using agent = await stage.start('time.sleep(300)', { name: 'agent', readiness: has('hello') })
    expect(agent.exit).toBeUndefined()
    const failure = await failureOf(
      stage.start('time.sleep(300)', { name: 'agent', readiness: has('other'), timeoutMs: 500 }),
    )
    expect(failure.message).toMatch(
      /^agent was not ready after 500 ms: GET http:\S+\/agents has no agent other$/,
    )
  })

  test('may need a line of its output, and no port', async () => {
    await using stage = await openSurroundings()
    const script = `print('listening soon'); print('ready to serve', file=sys.stderr); time.sleep(300)`
    await using service = await stage.start(script, { readiness: printsLine(/^ready/g) })
    expect([...service.tail()].sort()).toEqual(['listening soon', 'ready to serve'])
    const failure = await failureOf(stage.start(script, { readiness: printsLine(/^never/), timeoutMs: 500 }))
    expect(failure.message).toBe('registry was not ready after 500 ms: no line matches /^never/')
  })

  test('has the environment of a child, its own temporary folder, and nothing to read', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(
      `print(os.environ['TMPDIR'], os.path.isdir(os.environ['TMPDIR']), 'INPUT_TOKEN' in os.environ, repr(sys.stdin.read()))
time.sleep(300)`,
      { readiness: printsLine(/./), temporary: `${stage.path}/own` },
    )
    expect(service.tail()).toEqual([`${stage.path}/own True False ''`])
  })
})

describe('a service that fails', () => {
  test('by ending at once is told with its code and its last lines, long before the timeout', async () => {
    await using stage = await openSurroundings()
    const startedAt = performance.now()
    const failure = await failureOf(stage.start(`print('no database'); sys.exit(3)`, { timeoutMs: 60_000 }))
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect(failure).toMatchObject({
      reason: 'ended',
      message: 'registry ended before it was ready: exit code 3',
      exit: { code: 3, signal: null },
      tail: ['no database'],
      stopped: { alreadyEnded: true, leftovers: [], portHeldBy: undefined },
    })
  })

  test('by a signal of its own making is told with it', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(stage.start('os.kill(os.getpid(), signal.SIGSEGV)'))
    expect(failure.message).toBe('registry ended before it was ready: ended by SIGSEGV')
  })

  test('by never listening is told after its time', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(stage.start('time.sleep(300)', { timeoutMs: 500 }))
    expect(failure.reason).toBe('timed-out')
    expect(failure.message).toMatch(
      /^registry was not ready after 500 ms: nothing listens on 127\.0\.0\.1:\d+$/,
    )
    expect(failure.stopped).toMatchObject({ alreadyEnded: false, killed: false })
  })

  test('by listening without an answer is told so', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(
      stage.start(
        `
import socket
listening = socket.create_server((HOST, PORT))
time.sleep(300)`,
        { timeoutMs: 3_000 },
      ),
    )
    expect(failure.message).toMatch(/: 127\.0\.0\.1:\d+ is listened on, but GET \/health got no answer in /)
  })

  test('by answering 500 is told so', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(stage.start('status = 500; serve()', { timeoutMs: 3_000 }))
    expect(failure).toMatchObject({
      reason: 'timed-out',
      message: 'registry was not ready after 3.0 s: GET /health answers 500, not 200',
    })
  })

  test('by listening on another port is told both', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(
      stage.start(
        `
server = Server((HOST, 0), Handler)
print(server.server_address[1])
server.serve_forever()`,
        { timeoutMs: 6_000 },
      ),
    )
    expect(failure.reason).toBe('elsewhere')
    expect(failure.message).toMatch(/^registry listens on 127\.0\.0\.1:\d+, asked \d+$/)
    expect(failure.message).toContain(`:${failure.tail[0]},`)
  })

  test('by listening on ::1 alone is told so', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(
      stage.start(
        `
import socket
class Six(Server):
    address_family = socket.AF_INET6
serve('::1', server=Six)`,
        { timeoutMs: 60_000 },
      ),
    )
    expect(failure.reason).toBe('elsewhere')
    expect(failure.message).toMatch(/^registry listens on \[::1\]:(\d+) only, asked 127\.0\.0\.1:\1$/)
  })

  test('may open another port first, as long as its own one follows', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(`
threading.Thread(target=Server((HOST, 0), Handler).serve_forever, daemon=True).start()
time.sleep(0.7)
serve()`)
    expect(service.exit).toBeUndefined()
  })

  test('by dying after it was ready is told at once to whoever works with it', async () => {
    await using stage = await openSurroundings()
    await using service = await stage.start(`
class Mortal(Handler):
    def do_POST(self):
        print('out of memory')
        os._exit(9)
Server((HOST, PORT), Mortal).serve_forever()`)
    let aborted = false
    const work = service.during(async (signal) => {
      await fetch(service.url, { method: 'POST' }).catch(() => {})
      // It may be aborted already: the end of the process can be seen before that of the connection.
      await pause(60_000, signal)
      aborted = signal.aborted
    })
    await expect(work).rejects.toMatchObject({
      message: 'registry ended: exit code 9',
      reason: 'ended',
      tail: ['out of memory'],
    })
    expect(aborted).toBe(true)
    expect(service.exit).toEqual({ code: 9, signal: null })
    expect(await service.stop()).toMatchObject({ alreadyEnded: true, killed: false, leftovers: [] })
  })

  test('because it is on Windows is told so before anything is started', async () => {
    await using stage = await openSurroundings()
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {}
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' })
    const started = stage.start('serve()')
    Object.defineProperty(process, 'platform', platform)
    await expect(started).rejects.toThrow(
      new ConfigurationError('registry: services are not supported on Windows'),
    )
    expect(stage.shown).toEqual([])
  })

  test('because its program is not there is a mistake of the user', async () => {
    await using stage = await openSurroundings()
    const command = () => ({ argv: ['no-such-program-here'], cwd: stage.path })
    await expect(stage.start('', { command })).rejects.toThrow(ConfigurationError)
  })
})

describe('a port that is somebody else’s', () => {
  test('though it was reserved, makes the service start once more with another, and the log says so', async () => {
    await using stage = await openSurroundings()
    const ports: number[] = []
    const held: AsyncDisposable[] = []
    const script = `
try:
    serve()
except OSError as error:
    print(error)
    sys.exit(1)`
    const base = pythonService(script, stage.path)
    try {
      // Whoever takes the port between its choice and the start: here, before Python has come up.
      await using service = await stage.start(script, {
        command: (address) => {
          ports.push(address.port)
          if (ports.length === 1) void holding(address.port).then((one) => held.push(one))
          return base.command(address)
        },
      })
      expect(ports).toHaveLength(2)
      expect(service.port).toBe(ports[1])
      expect(stage.shown.join('\n')).toMatch(/was taken by [\s\S]*is started again with another port/)
    } finally {
      for (const one of held) await one[Symbol.asyncDispose]()
    }
  })

  test('as the service says, though nobody has it, is tried twice and then said in its words', async () => {
    await using stage = await openSurroundings()
    const failure = await failureOf(
      stage.start(`print('listen tcp :9090: bind: address already in use'); sys.exit(1)`),
    )
    expect(failure.message).toBe(
      'registry ended before it was ready: exit code 1; it says that an address is in use',
    )
    expect(stage.shown.filter((line) => line.includes('= starts for'))).toHaveLength(2)
  })

  test('when it was given, is a failure that names who has it, whether the service ends or not', async () => {
    await using stage = await openSurroundings()
    await using first = await stage.start('serve()')
    // Asked for a line, so that nobody finds the other one's answers before it ends.
    const ends = await failureOf(
      stage.start('serve()', { name: 'second', port: first.port, readiness: printsLine(/never/) }),
    )
    expect(ends.reason).toBe('port-taken')
    expect(ends.message).toBe(
      `second ended before it was ready: exit code 1; 127.0.0.1:${first.port} was taken by python3 (${first.pid})`,
    )
    const stays = await failureOf(stage.start('time.sleep(300)', { name: 'second', port: first.port }))
    expect(stays.message).toBe(
      `second does not have its port: 127.0.0.1:${first.port} was taken by python3 (${first.pid})`,
    )
    expect(first.exit).toBeUndefined()
  })

  test('is accepted of a service for which another process listens', async () => {
    await using stage = await openSurroundings()
    await using first = await stage.start('serve()')
    await using front = await stage.start('time.sleep(300)', {
      name: 'front',
      port: first.port,
      listener: 'anybody',
    })
    expect(front.exit).toBeUndefined()
    await first.stop()
  })
})

describe('an abort', () => {
  test.each([
    ['before the start', 'serve()', 0],
    ['while it is waited for', `print('up'); time.sleep(300)`, 1],
  ])('%s rejects with its reason and leaves nothing', async (_, script, lines) => {
    const controller = new AbortController()
    await using stage = await openSurroundings({ signal: controller.signal })
    const reason = new Error('cancelled')
    if (lines === 0) controller.abort(reason)
    const pids: number[] = []
    const started = stage.start(`print(os.getpid())\n${script}`, {
      name: 'aborted',
      readiness: {
        kind: 'http',
        target: '/',
        missing: () => undefined,
      },
    })
    const printed = setInterval(() => {
      const found = stage.shown.map((line) => /\| (\d+)$/.exec(line)?.[1]).find((one) => one)
      if (!found) return
      pids.push(Number(found))
      controller.abort(reason)
      clearInterval(printed)
    }, 5)
    try {
      await expect(started).rejects.toBe(reason)
    } finally {
      clearInterval(printed)
    }
    expect(pids).toHaveLength(lines)
    expect(pids.some(isAlive)).toBe(false)
  })

  test('while a line is waited for does so too', async () => {
    const controller = new AbortController()
    await using stage = await openSurroundings({ signal: controller.signal })
    const reason = new Error('cancelled')
    const started = stage.start(`print('up'); time.sleep(300)`, {
      readiness: {
        kind: 'line',
        pattern: {
          test: () => {
            controller.abort(reason)
            return false
          },
        } as unknown as RegExp,
      },
    })
    await expect(started).rejects.toBe(reason)
  })

  test('ends the work with a service, which is then stopped with less grace', async () => {
    const controller = new AbortController()
    await using stage = await openSurroundings({ signal: controller.signal })
    const service = await stage.start(`signal.signal(signal.SIGTERM, signal.SIG_IGN)\nserve()`, {
      graceMs: 600_000,
    })
    const reason = new Error('cancelled')
    const work = service.during(async (signal) => {
      controller.abort(reason)
      signal.throwIfAborted()
    })
    await expect(work).rejects.toBe(reason)
    expect(await service.stop()).toMatchObject({ killed: true, exit: { signal: 'SIGKILL' } })
    await expect(service.during(async () => {})).rejects.toBe(reason)
  })
})
