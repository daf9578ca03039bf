import { describe, expect, test } from '@jest/globals'
import { faultyAgent, faultyRegistry, faultyStage } from '../../support/faulty-mesh.ts'
import { checkOf, verdicts } from '../../support/stage-context.ts'

type Config = Parameters<typeof faultyStage>[0]

/** The stage where an agent may take so long for each thing that is asked of it. */
const stageOf = (config: Config, timeoutMs = 20_000) => faultyStage(config, { timeoutMs })

const AGENTS_FAULT = '; with the Python reference it fails as well, so the agent is at fault'
const GO_FAULT = '; with the Python reference it works, so the Go registry is at fault'

describe('an agent that does not register', () => {
  test.each([
    ['ends', 'exits', 'it ended: exit code 1 (no module named mesh)'],
    ['registers nothing', 'registers-nothing', 'it asked its registry for GET /agents, but never registered'],
    ['asks nothing of its registry', 'asks-nothing', 'it asked nothing of its registry'],
    [
      'registers under another name',
      'another-name',
      'it did not register hello; the registry has hello-demo',
    ],
  ])('because it %s is red with that cause, and is itself at fault', async (_, fault, detail) => {
    await using stage = await stageOf({ agents: [faultyAgent(fault)] }, 2_500)
    expect(checkOf(stage.result, 'registers/standalone/hello')).toMatchObject({
      verdict: 'fail',
      detail: detail + AGENTS_FAULT,
    })
    expect(Object.keys(verdicts(stage.result)).filter((id) => /^(heartbeat|decay)/.test(id))).toEqual([])
    expect(stage.result.data.agents).toEqual([])
    expect(stage.result.data.faults.map(({ service }) => service)).toEqual(['hello-on-standalone'])
  })

  test('but twice is red with both ids, whenever the second one comes', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('twice')] }, 2_900)
    const red = stage.result.checks.filter(({ verdict }) => verdict === 'fail')
    expect(red[0]?.id).toMatch(/^(registers|heartbeat)\/standalone\/hello$/)
    expect(red[0]?.detail).toMatch(/ has hello twice, as hello-1 and hello-2; /)
  })

  test('with any capabilities is red with that', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('no-capabilities')] }, 2_500)
    expect(checkOf(stage.result, 'registers/standalone/hello').detail).toMatch(
      /knows no capabilities of hello; /,
    )
  })

  test('is not confused with another agent of the mesh, whose checks go on', async () => {
    const agents = [faultyAgent('another-name'), faultyAgent('', 'other')]
    const calls = [{ agent: 'other', tool: 'greeting', contains: 'Hello' }]
    await using stage = await stageOf({ agents, calls }, 2_900)
    expect(checkOf(stage.result, 'registers/standalone/hello').detail).toBe(
      `it did not register hello; the registry has hello-demo${AGENTS_FAULT}`,
    )
    expect(verdicts(stage.result)).toMatchObject({
      'registers/standalone/other': 'pass',
      'heartbeat/standalone/other': 'pass',
      'decay/standalone/other': 'pass',
    })
    expect(checkOf(stage.result, 'call/standalone/1')).toMatchObject({
      verdict: 'skipped',
      detail: 'hello did not register',
    })
    expect(stage.result.data.agents).toEqual(['other'])
  })
})

describe('heartbeats', () => {
  test('that never come are red', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('no-heartbeats')] })
    expect(checkOf(stage.result, 'heartbeat/standalone/hello')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^its last-seen time has not moved in 2\.\d s; .* the agent is at fault$/,
      ),
    })
  })

  test('in whose stead the agent registers again are red', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('registers-again')] })
    expect(checkOf(stage.result, 'heartbeat/standalone/hello')).toMatchObject({
      verdict: 'fail',
      detail: `hello registers again (POST /agents/register) where it should send a heartbeat${AGENTS_FAULT}`,
    })
  })

  test('are told from registrations, also while those wait for their answer', async () => {
    await using stage = await stageOf({
      agents: [faultyAgent('registers-again'), faultyAgent('', 'other')],
      deployments: { standalone: faultyRegistry('answers-late'), reference: faultyRegistry('exits') },
    })
    expect(checkOf(stage.result, 'heartbeat/standalone/hello').detail).toMatch(/^hello registers again /)
    expect(checkOf(stage.result, 'heartbeat/standalone/other').verdict).toBe('pass')
  })

  test('of an agent that ends meanwhile are red with its last words', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('exits-later')] })
    expect(checkOf(stage.result, 'heartbeat/standalone/hello').detail).toBe(
      `hello-on-standalone ended: exit code 4 (lost its mind)${AGENTS_FAULT}`,
    )
  })

  test('that the registry refuses are the fault of the registry', async () => {
    await using stage = await stageOf({ deployments: { standalone: faultyRegistry('refuses-heartbeats') } })
    expect(checkOf(stage.result, 'heartbeat/standalone/hello')).toMatchObject({
      verdict: 'fail',
      detail: `hello registers again (POST /agents/register) after POST /heartbeat got 404${GO_FAULT}`,
    })
  })

  test('that do not keep the registry from calling the agent degraded are red', async () => {
    await using stage = await stageOf({ deployments: { standalone: faultyRegistry('goes-by-registration') } })
    const red = stage.result.checks.filter(({ verdict }) => verdict === 'fail')
    expect(red.map(({ detail }) => detail)).toContainEqual(
      expect.stringMatching(
        /^hello is degraded \d+ ms after its last heartbeat, though its registry declares 600 ms; /,
      ),
    )
    expect(red.every(({ detail }) => detail?.endsWith(GO_FAULT))).toBe(true)
  })

  test('that cannot be seen in the time there is are skipped, and that is said', async () => {
    await using stage = await stageOf({}, 2_150)
    expect(checkOf(stage.result, 'heartbeat/standalone/hello')).toMatchObject({
      verdict: 'skipped',
      detail: 'it would take 200 ms, more than the time limit leaves',
    })
    expect(checkOf(stage.result, 'decay/standalone/hello').verdict).toBe('skipped')
  })

  test('of which the registry tells no time leave the question open', async () => {
    await using stage = await stageOf({ deployments: { standalone: faultyRegistry('tells-no-times') } })
    expect(checkOf(stage.result, 'heartbeat/standalone/hello')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'the registry does not say when it last saw hello: GET /agents has no last_seen for it',
    })
    expect(checkOf(stage.result, 'decay/standalone/hello')).toMatchObject({
      verdict: 'skipped',
      detail: 'the registry does not say when it would: GET /agents has no degraded_after for it',
    })
    expect(stage.result.verdict).toBe('inconclusive')
  })

  test('whose interval nobody tells are waited for as long as there is time', async () => {
    await using stage = await stageOf(
      {
        agents: [faultyAgent('no-heartbeats')],
        deployments: { standalone: faultyRegistry('tells-no-interval') },
      },
      3_000,
    )
    expect(checkOf(stage.result, 'heartbeat/standalone/hello')).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(
        /^its last-seen time has not moved in 3\.\d s; the registry does not say .*: GET \/agents has no health_interval for it$/,
      ),
    })
  })
})

describe('an agent that was killed', () => {
  test('and stays healthy is the fault of the registry', async () => {
    await using stage = await stageOf({ deployments: { standalone: faultyRegistry('never-degrades') } })
    expect(checkOf(stage.result, 'decay/standalone/hello')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^hello was killed 2\.\d s ago and is still healthy; its registry declares 600 ms; .* the Go registry is at fault$/,
      ),
    })
  })
})
