import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { MARK_ASSIGNMENT } from '../../../src/process/mark.ts'
import { processTable } from '../../../src/process/process-table.ts'
import { loadProject } from '../../../src/project/load.ts'
import { type IntegrationOptions, integrate } from '../../../src/stages/go-python-integration/index.ts'
import { environmentWith } from '../../support/environment.ts'
import { HOST } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { type Reference, sampleReference } from '../../support/reference.ts'
import { checkOf, stageContext, verdicts } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A copy of the sample with its packages installed and its programs built; made once, since it takes a while. */
let sample: Reference
/** Its environment on PATH. */
let path: Disposable
let programs: { readonly registry: string; readonly cli: string }

/** The stage on the sample. */
async function stageOf(options: Partial<IntegrationOptions> = {}) {
  await using folder = await temporaryFolder()
  return await integrate(
    loadProject({ directory: sample.directory }),
    {
      programs,
      platform: HOST,
      deployments: ['standalone', 'embedded'],
      only: ['deployments'],
      timeoutMs: 30_000,
      logs: join(folder.path, 'logs'),
      ...options,
    },
    stageContext(folder.path),
  )
}

describeWith(['go', 'python3 of version 3.11 or later'])('on the sample', () => {
  beforeAll(async () => {
    sample = await sampleReference()
    path = environmentWith({ PATH: sample.places.environment.PATH })
    const built = (name: string) => {
      const file = join(sample.places.folder, name)
      execFileSync('go', ['build', '-o', file, `./cmd/${name}`], { cwd: sample.directory })
      return file
    }
    programs = { registry: built('mcp-mesh-registry'), cli: built('mcp-mesh-dev') }
  }, 300_000)

  afterEach(() => {
    expect(processTable().filter((entry) => entry.carries(MARK_ASSIGNMENT))).toEqual([])
  })

  afterAll(async () => {
    path?.[Symbol.dispose]()
    await sample?.[Symbol.asyncDispose]()
  })

  test('everything passes in both deployments, and twice at once', async () => {
    const results = await Promise.all([stageOf(), stageOf()])
    for (const result of results) {
      const bad = result.checks.filter(({ verdict }) => verdict !== 'pass')
      expect(bad.map(({ id, verdict }) => [id, verdict])).toEqual([
        ['left-out/part-go-tests', 'skipped'],
        ['left-out/part-scripts', 'skipped'],
      ])
      expect(result.data.agents).toEqual(['hello-world-demo', 'system-agent-demo'])
    }
  }, 120_000)

  test('an agent that is broken is red with its own words in both deployments, and itself at fault', async () => {
    await sample.planted({ 'examples/system_agent.py': 'import no_such_module\n' }, async () => {
      const result = await stageOf({ timeoutMs: 10_000 })
      for (const deployment of ['standalone', 'embedded']) {
        expect(checkOf(result, `registers/${deployment}/system-agent`).detail).toBe(
          "it ended: exit code 1 (ModuleNotFoundError: No module named 'no_such_module'); " +
            'with the Python reference it fails as well, so the agent is at fault',
        )
        expect(verdicts(result)[`registers/${deployment}/hello-world`]).toBe('pass')
      }
    })
  }, 120_000)

  test('a Go registry without the route for heartbeats is named as the side at fault', async () => {
    await using folder = await temporaryFolder()
    const forged = join(folder.path, 'registry')
    const routes = 'internal/registry/routes.go'
    const text = readFileSync(join(sample.directory, routes), 'utf8')
    const without = text.replace(/^.*"\/heartbeat".*\n/m, '')
    expect(without).not.toBe(text)
    await sample.planted({ [routes]: without }, async () => {
      execFileSync('go', ['build', '-o', forged, './cmd/mcp-mesh-registry'], { cwd: sample.directory })
    })
    const result = await stageOf({ deployments: ['standalone'], programs: { ...programs, registry: forged } })
    expect(checkOf(result, 'heartbeat/standalone/hello-world-demo')).toMatchObject({
      verdict: 'fail',
      detail:
        'hello-world-demo registers again (POST /agents/register) after POST /heartbeat got 404; ' +
        'with the Python reference it works, so the Go registry is at fault',
    })
  }, 120_000)
})
