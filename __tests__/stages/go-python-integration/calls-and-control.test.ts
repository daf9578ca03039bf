import { describe, expect, test } from '@jest/globals'
import { faultyAgent, faultyRegistry, faultyStage } from '../../support/faulty-mesh.ts'
import { checkOf } from '../../support/stage-context.ts'

type Config = Parameters<typeof faultyStage>[0]

/** The stage where an agent may take so long for each thing that is asked of it. */
const stageOf = (config: Config, timeoutMs = 20_000) => faultyStage(config, { timeoutMs })

const AGENTS_FAULT = '; with the Python reference it fails as well, so the agent is at fault'
const GO_FAULT = '; with the Python reference it works, so the Go registry is at fault'

describe('a registry that refuses agents', () => {
  test('is named with its answer, and at fault where the reference takes them', async () => {
    await using stage = await stageOf(
      { deployments: { standalone: faultyRegistry('refuses-agents') } },
      2_500,
    )
    expect(checkOf(stage.result, 'registers/standalone/hello')).toMatchObject({
      verdict: 'fail',
      detail:
        'POST /agents/register got 422: ' +
        `{"error": {"code": "no agents today", "message": "no agents today"}}${GO_FAULT}`,
    })
    expect(stage.result.data.faults.map(({ service }) => service)).toEqual(['standalone'])
  })

  test.each([
    ['ends at once', faultyRegistry('exits'), 'reference ended before it was ready: exit code 1'],
    [
      'is a program that is not there',
      { run: ['no-such-python'] },
      /cannot run no-such-python in .*: no such program or folder/,
    ],
    ['dies of the first agent', faultyRegistry('dies'), 'reference ended: exit code 9'],
  ])('is red all the same where the reference %s', async (_, reference, why) => {
    const deployments = { standalone: faultyRegistry('refuses-agents'), reference }
    await using stage = await stageOf({ deployments }, 2_500)
    const { verdict, detail } = checkOf(stage.result, 'registers/standalone/hello')
    expect(verdict).toBe('fail')
    expect(detail).toMatch(/^POST \/agents\/register got 422: /)
    expect(detail).toMatch(/; the reference could not be asked for comparison: /)
    expect(detail).toMatch(why)
  })
})

describe('a call', () => {
  const greeting = (contains: string, more = {}) => [{ agent: 'hello', tool: 'greeting', contains, ...more }]
  const both = (fault: string) => [faultyAgent(fault), faultyAgent('', 'other')]

  test('that always gives the fallback is red with the answer, how often it came and who is at fault', async () => {
    await using stage = await stageOf(
      { agents: both('always-the-fallback'), calls: greeting('Hello from other') },
      3_000,
    )
    expect(checkOf(stage.result, 'call/standalone/1')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^answered "Hello! Nobody else is in the mesh\." \d+ times in 3\.\d s, without "Hello from other"; .* the agent is at fault$/,
      ),
    })
  })

  test('that a tool answers with an error is red with the error, also where that has the words', async () => {
    await using stage = await stageOf(
      {
        agents: [faultyAgent('answers-an-error')],
        calls: greeting('Nobody else'),
        deployments: { reference: faultyRegistry('exits') },
      },
      2_500,
    )
    expect(checkOf(stage.result, 'call/standalone/1')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(
        /^answered with the error "Hello! Nobody else is in the mesh\." \d+ times in 2\.\d s, not with "Nobody else"; /,
      ),
    })
    expect(stage.result.data.faults.map(({ service }) => service)).toEqual([
      'standalone',
      'hello-on-standalone',
    ])
  })

  test('to an agent that cannot be called is red with its address and why', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('not-callable')], calls: greeting('x') }, 2_900)
    expect(checkOf(stage.result, 'call/standalone/1').detail).toMatch(
      /^http:\/\/127\.0\.0\.1:(\d+)\/mcp cannot be called: connect ECONNREFUSED 127\.0\.0\.1:\1; .* the agent is at fault$/,
    )
  })

  test('that ends its agent is red with the end, not after the time limit', async () => {
    await using stage = await stageOf({ agents: [faultyAgent('exits-when-called')], calls: greeting('x') })
    expect(checkOf(stage.result, 'call/standalone/1').detail).toBe(
      `hello-on-standalone ended: exit code 3${AGENTS_FAULT}`,
    )
    expect(stage.result.durationMs).toBeLessThan(20_000)
  })

  test('of an agent that is to be stopped for it, or that nobody knows, is red', async () => {
    const calls = [
      ...greeting('x', { stopped: ['hello'] }),
      { agent: 'nobody', tool: 'greeting', contains: 'x' },
    ]
    await using stage = await stageOf({ calls })
    expect(checkOf(stage.result, 'call/standalone/1').detail).toMatch(
      /^hello is called while it is among those stopped; /,
    )
    expect(checkOf(stage.result, 'call/standalone/2').detail).toMatch(/^integration\.agents has no nobody; /)
  })
})
