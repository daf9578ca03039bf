import { describe, expect, test } from '@jest/globals'
import { reservePort } from '../../../src/process/services/ports.ts'
import { loadProject } from '../../../src/project/load.ts'
import { integrationDetails } from '../../../src/stages/go-python-integration/details.ts'
import { restartChecks } from '../../../src/stages/go-python-integration/registry-checks.ts'
import { faultyMesh, faultyRegistry, faultyStage } from '../../support/faulty-mesh.ts'
import { openSurroundings } from '../../support/services.ts'
import { checkOf, verdicts } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** The stage on a standalone registry with a fault. */
function withRegistry(fault: string, more: Readonly<Record<string, unknown>> = {}) {
  return faultyStage({ deployments: { standalone: faultyRegistry(fault, more) } })
}

describe('a registry that does not get ready', () => {
  test.each([
    ['ends at once', 'exits', '20s', /^standalone ended before it was ready: exit code 1 \(no database\)$/],
    ['never listens', 'never-listens', '1s', /^standalone was not ready after 1\.0 s: nothing listens on /],
    ['listens on another port', 'wrong-port', '3s', /^standalone listens on 127\.0\.0\.1:\d+, asked \d+$/],
    [
      'listens on ::1 alone',
      'ipv6-only',
      '20s',
      /^standalone listens on \[::1\]:(\d+) only, asked 127\.0\.0\.1:\1$/,
    ],
    [
      'answers 500',
      'answers-500',
      '2s',
      /^standalone was not ready after 2\.0 s: GET \/health answers 500, not 200$/,
    ],
  ])('because it %s, is red with that cause, and no agent is asked', async (_, fault, timeout, detail) => {
    await using stage = await withRegistry(fault, { timeout })
    expect(checkOf(stage.result, 'ready/standalone')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(detail),
    })
    expect(Object.keys(verdicts(stage.result)).filter((id) => id.startsWith('registers'))).toEqual([])
    expect(stage.result.verdict).toBe('fail')
    expect(stage.result.data.readyMs).toEqual({})
  })

  test('leaves the other deployment its checks', async () => {
    const deployments = { standalone: faultyRegistry('exits') }
    await using stage = await faultyStage({ deployments }, { deployments: ['standalone', 'embedded'] })
    const { result } = stage
    expect(verdicts(result)).toMatchObject({
      'ready/standalone': 'fail',
      'ready/embedded': 'pass',
      'keeps/embedded': 'pass',
      'same-code/answers': 'skipped',
    })
    expect(Object.keys(result.data.readyMs)).toEqual(['embedded'])
  })

  test('because it panics is red with the panic, and its last lines are shown as they were', async () => {
    await using mesh = await faultyMesh({ deployments: { standalone: faultyRegistry('panics') } })
    const lines: string[] = []
    const result = await mesh.integrate({}, { onLine: (line) => lines.push(line) })
    expect(checkOf(result, 'ready/standalone').detail).toBe(
      'standalone ended before it was ready: exit code 2 (panic: no configuration ```)',
    )
    const said = [
      'panic: no configuration ```',
      '',
      'goroutine 1 [running]:',
      'main.main()',
      '\t/mesh/main.go:21 +0x206',
    ]
    expect(result.data.faults).toEqual([{ service: 'standalone', lines: said }])
    expect(lines.slice(-5)).toEqual(said.map((line) => `  | ${line}`))
    expect(integrationDetails(result.data)).toBe(
      [
        '<details><summary>The last lines of standalone</summary>',
        '',
        '````text',
        ...said,
        '````',
        '',
        '</details>',
      ].join('\n'),
    )
    expect(mesh.leftovers()).toEqual([])
  })

  test('is quoted so that nothing in its words is carried out', async () => {
    await using stage = await withRegistry('prints-commands-and-exits')
    const { detail } = checkOf(stage.result, 'ready/standalone')
    expect(detail).toBe('standalone ended before it was ready: exit code 1 (## [error]forged)')
  })
})

describe('a registry that is ready', () => {
  test('and not healthy is red with its status', async () => {
    await using stage = await withRegistry('unhealthy')
    expect(checkOf(stage.result, 'health/standalone')).toMatchObject({
      verdict: 'fail',
      detail: 'its status is "starting"',
    })
  })

  test('is asked for its health where mesh.yml says that it is ready', async () => {
    await using stage = await withRegistry('other-health', { ready: '/ready' })
    expect(checkOf(stage.result, 'health/standalone')).toMatchObject({
      verdict: 'pass',
      title: 'GET /ready of the standalone registry is healthy',
    })
  })

  test('and healthy by a field of its own is green with it', async () => {
    const ready = { path: '/capabilities', field: 'count', equals: 0 }
    await using stage = await withRegistry('', { ready })
    expect(checkOf(stage.result, 'health/standalone')).toMatchObject({
      verdict: 'pass',
      detail: '200, count is 0',
    })
  })

  test('and takes whatever it is sent is left without an agent that nobody started', async () => {
    await using stage = await withRegistry('lenient')
    expect(checkOf(stage.result, 'keeps/standalone')).toMatchObject({ verdict: 'pass', detail: 'hello' })
  })

  test('and dies is red at once with its last words, and nobody waits for its agents', async () => {
    await using stage = await withRegistry('dies')
    expect(verdicts(stage.result)).toMatchObject({ 'ready/standalone': 'pass', 'stays/standalone': 'fail' })
    expect(checkOf(stage.result, 'stays/standalone').detail).toBe(
      'standalone ended: exit code 9 (out of memory)',
    )
    // The agent's own time is 20 s.
    expect(stage.result.durationMs).toBeLessThan(15_000)
  })

  test('and starts a grandchild in a new session is red with its name', async () => {
    await using stage = await withRegistry('leaves-a-grandchild')
    expect(checkOf(stage.result, 'left-nothing')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^still running, and ended now: sleep \(\d+\) of standalone-second, .*sleep \(\d+\) of standalone/,
      ),
    })
  })

  test('and prints 100 MB is none the worse for it, and its log is bounded', async () => {
    await using stage = await withRegistry('prints-much')
    expect(stage.result.verdict).toBe('pass')
    const log = await stage.log()
    expect(log.length).toBeLessThan(20_000_000)
    expect(log).toMatch(/… \d+ lines left out/)
  })

  test('and prints commands of the runner has them made harmless in the log', async () => {
    await using stage = await withRegistry('prints-commands')
    const lines = (await stage.log()).split('\n')
    expect(lines.find((line) => line.includes('::set-output'))).toMatch(
      /^ +\d+ ms standalone {2}\| ::set-output name=verdict::forged$/,
    )
    expect(lines.find((line) => line.includes('forged') && line.includes('error'))).toMatch(
      /\| say ## \[error\]forged$/,
    )
  })
})

describe('a registry that is asked to end', () => {
  test('and had ended by itself is red with that, whatever its exit code', async () => {
    await using folder = await temporaryFolder()
    await using open = await openSurroundings()
    const mesh = {
      project: loadProject({ directory: folder.path }),
      programs: {},
      surroundings: open,
      temporary: folder.path,
      leftovers: [],
      faults: new Set<string>(),
    }
    await using registry = await open.start('threading.Timer(0.3, lambda: os._exit(0)).start()\nserve()')
    await registry.ended
    const [stops] = await restartChecks('standalone', registry, folder.path, mesh, open.signal)
    expect(stops).toMatchObject({
      id: 'stops/standalone',
      verdict: 'fail',
      detail: 'it had ended before it was asked to: exit code 0',
    })
    expect([...mesh.faults]).toEqual(['standalone'])
  })

  test('and does not, is killed and red', async () => {
    await using stage = await withRegistry('ignores-sigterm')
    expect(checkOf(stage.result, 'stops/standalone')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^it had to be killed after 10\.\d s$/),
    })
    // Its data are safe all the same.
    expect(checkOf(stage.result, 'keeps/standalone').verdict).toBe('pass')
  })

  test('and forgets its agents is red with their names', async () => {
    await using stage = await withRegistry('forgets')
    expect(checkOf(stage.result, 'keeps/standalone')).toMatchObject({
      verdict: 'fail',
      detail: 'it has forgotten hello',
    })
  })

  test('and cannot read its data again is red with what it says', async () => {
    await using stage = await withRegistry('dies-again')
    expect(checkOf(stage.result, 'keeps/standalone')).toMatchObject({
      verdict: 'fail',
      detail: 'standalone-again ended before it was ready: exit code 1 (cannot read its data)',
    })
  })
})

describe('a second registry on a port in use', () => {
  test.each([
    ['hangs', 'second-hangs', '2s', expect.stringMatching(/^no end after 2\.0 s( \(hangs\))?$/)],
    ['ends as if all were well', 'second-exits-0', '20s', 'it ends with exit code 0'],
    [
      'says nothing of it',
      'second-says-nothing',
      '20s',
      'exit code 1, but no line tells that the port is in use',
    ],
    [
      'says its port and another cause',
      'second-says-its-port',
      '20s',
      expect.stringMatching(
        /^exit code 1, but no line tells that the port is in use \(registry for .*: no database\)$/,
      ),
    ],
  ])('that %s is red', async (_, fault, timeout, detail) => {
    await using stage = await withRegistry(fault, { timeout })
    expect(checkOf(stage.result, 'port-taken/standalone')).toMatchObject({ verdict: 'fail', detail })
    expect(verdicts(stage.result)).toMatchObject({ 'registers/standalone/hello': 'pass' })
  })

  test('that refuses it is green with its words', async () => {
    await using stage = await withRegistry('')
    expect(checkOf(stage.result, 'port-taken/standalone').detail).toMatch(
      /^exit code 1: registry: 127\.0\.0\.1:\d+: address already in use$/,
    )
  })
})

describe('two deployments', () => {
  test('with the same port in mesh.yml are checked one after the other', async () => {
    await using reserved = await reservePort()
    const same = faultyRegistry('', { port: reserved.port })
    await using stage = await faultyStage(
      { deployments: { standalone: same, embedded: same } },
      { deployments: ['standalone', 'embedded'] },
    )
    expect(stage.result.verdict).toBe('pass')
    expect(Object.keys(stage.result.data.readyMs)).toEqual(['standalone', 'embedded'])
  })

  test('that answer differently are red with the request and both shapes', async () => {
    const deployments = { embedded: faultyRegistry('other-answers') }
    await using stage = await faultyStage({ deployments }, { deployments: ['standalone', 'embedded'] })
    expect(checkOf(stage.result, 'same-code/answers')).toMatchObject({
      verdict: 'fail',
      detail:
        'GET /capabilities: standalone answers 200 {"capabilities":[],"count":number}, ' +
        'embedded answers 200 {"capabilities":[],"count":number,"of":string}',
    })
  })
})
