import { describe, expect, test } from '@jest/globals'
import { faultyAgent, faultyMesh } from '../../support/faulty-mesh.ts'
import { checkOf, verdicts } from '../../support/stage-context.ts'

const CALLS = [
  { agent: 'hello', tool: 'greeting', contains: 'Hello from other!' },
  { agent: 'hello', tool: 'greeting', contains: 'Nobody else', stopped: ['other'] },
]

describe('a mesh that works', () => {
  test('passes every check on both deployments, and tells its times and names', async () => {
    await using mesh = await faultyMesh({
      agents: [faultyAgent(), faultyAgent('', 'other')],
      calls: CALLS,
    })
    const result = await mesh.integrate({ deployments: ['standalone', 'embedded'] })
    const ofEach = (name: string) => ({
      [`ready/${name}`]: 'pass',
      [`health/${name}`]: 'pass',
      [`port-taken/${name}`]: 'pass',
      [`registers/${name}/hello`]: 'pass',
      [`registers/${name}/other`]: 'pass',
      [`heartbeat/${name}/hello`]: 'pass',
      [`heartbeat/${name}/other`]: 'pass',
      [`call/${name}/1`]: 'pass',
      [`call/${name}/2`]: 'pass',
      [`decay/${name}/hello`]: 'pass',
      [`stops/${name}`]: 'pass',
      [`keeps/${name}`]: 'pass',
    })
    expect(verdicts(result)).toEqual({
      ...ofEach('standalone'),
      ...ofEach('embedded'),
      'same-code/packages': 'skipped',
      'same-code/answers': 'pass',
      'left-nothing': 'pass',
      'left-out/part-go-tests': 'skipped',
      'left-out/part-scripts': 'skipped',
    })
    expect(result.verdict).toBe('pass')
    const { agents, readyMs, log } = result.data
    expect(agents).toEqual(['hello', 'other'])
    expect(Object.keys(readyMs)).toEqual(['standalone', 'embedded'])
    expect(Math.min(...Object.values(readyMs))).toBeGreaterThan(0)
    expect(log).toBe(`${mesh.logs}/services.log`)
    expect(checkOf(result, 'call/standalone/1').detail).toMatch(/^"Hello from other!" after \d/)
    expect(mesh.leftovers()).toEqual([])
  })

  test('may have an agent that takes its time to register', async () => {
    await using mesh = await faultyMesh({ agents: [faultyAgent('late')] })
    const result = await mesh.integrate()
    expect(checkOf(result, 'registers/standalone/hello')).toMatchObject({ verdict: 'pass' })
    expect(checkOf(result, 'registers/standalone/hello').measured?.value).toBeGreaterThan(700)
    expect(result.verdict).toBe('pass')
  })
})

describe('what is left out', () => {
  test('of the deployments is said, and the answers are not compared', async () => {
    await using mesh = await faultyMesh()
    const result = await mesh.integrate({ deployments: ['embedded'] })
    expect(checkOf(result, 'left-out/deployment-standalone')).toMatchObject({
      verdict: 'skipped',
      detail: 'it was left out',
    })
    expect(checkOf(result, 'same-code/answers').verdict).toBe('skipped')
    expect(result.verdict).toBe('pass')
  })

  test.each([
    ['scripts alone, of which there are none', ['scripts'], {}],
    ['Go tests alone, of which none are named', ['go-tests'], { go: { tests: [] } }],
    ['deployments, of which none are named', ['deployments'], {}],
    ['nothing at all', [], {}],
  ] as const)('%s, is not green', async (_, only, config) => {
    await using mesh = await faultyMesh(config)
    const result = await mesh.integrate({ only, deployments: [] })
    expect(result.verdict).toBe('inconclusive')
    expect(mesh.leftovers()).toEqual([])
  })

  test('of mesh.yml, its agents, leaves the stage without a verdict', async () => {
    await using mesh = await faultyMesh({ agents: [] })
    const result = await mesh.integrate()
    expect(result.verdict).toBe('inconclusive')
    expect(checkOf(result, 'registers')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'nothing was checked',
    })
    expect(checkOf(result, 'keeps/standalone')).toMatchObject({
      verdict: 'skipped',
      detail: 'no agent had registered',
    })
  })
})
