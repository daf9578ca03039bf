import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import type { IntegrationData } from '../../src/stages/go-python-integration/index.ts'
import { act, actHome, actLines, jobResults } from '../support/act.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import { meshActions } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000

/** One job builds; one tries the sample itself, and one the same binaries with an agent that does not stay. */
const WORKFLOW = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/cross-compile@v1
        with:
          platforms: linux/amd64
          cache: off
  integrate:
    needs: build
    runs-on: ubuntu-latest
    outputs:
      agents: \${{ steps.integrate.outputs.agents }}
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/setup-mesh-toolchain@v1
        with:
          cache: off
      - id: integrate
        uses: org/mesh-actions/actions/go-python-integration@v1
        with:
          only: deployments
      - env:
          AGENTS: \${{ steps.integrate.outputs.agents }}
        run: echo "agents $AGENTS"
  red:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/download-binaries@v1
      - uses: org/mesh-actions/actions/go-python-integration@v1
        with:
          name: red
          config: red.yml
          only: deployments
          deployments: standalone
`

const RED = `
integration:
  agents:
    - { name: short-lived, run: [python3, -c, 'raise SystemExit(3)'], registers: [short-lived] }
`

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

describeWith(['go', 'python3 of version 3.11 or later'])('go-python-integration on the sample', () => {
  const pristine = join(folder.path, 'pristine')

  beforeAll(() => {
    copySample(pristine)
    plant(pristine, 'red.yml', RED)
    plant(pristine, '.github/workflows/ci.yml', WORKFLOW)
    commitAll(pristine)
  }, SLOW)

  const freshCopy = (name: string): string => {
    const copy = join(folder.path, name)
    execFileSync('cp', ['-a', pristine, copy])
    return copy
  }

  /** Toolchain, binaries and integration in a terminal; the result of the last. */
  const integrated = async (project: string, out: string): Promise<StageResult<IntegrationData>> => {
    const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim()
    const { code, stdout, stderr } = await meshActions(
      [
        ...['run', 'setup-mesh-toolchain', 'cross-compile-go', 'go-python-integration', '--json'],
        ...['--project', project, '--out', out, '--platforms', 'linux/amd64', '--only', 'deployments'],
      ],
      { cwd: project, env: { ...process.env, XDG_CACHE_HOME: join(folder.path, 'cache'), GOCACHE } },
    )
    if (code !== 0) throw new Error(`exit code ${code}\n${stderr}\n${stdout}`)
    return JSON.parse(stdout).at(-1)
  }

  const green = (result: StageResult<IntegrationData>) => {
    expect(result.verdict).toBe('pass')
    expect(result.checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped')).toEqual([])
    expect(result.data.agents).toEqual(['hello-world-demo', 'system-agent-demo'])
    expect(Object.keys(result.data.readyMs)).toEqual(['standalone', 'embedded'])
  }

  test(
    'is green in two copies at once',
    async () => {
      const results = await Promise.all(['one', 'two'].map((name) => integrated(freshCopy(name), '.mesh')))
      for (const result of results) green(result)
    },
    SLOW,
  )

  test(
    'is green twice at once in one copy, and leaves no change of the project',
    async () => {
      const project = freshCopy('shared')
      const results = await Promise.all(['.mesh/one', '.mesh/two'].map((out) => integrated(project, out)))
      for (const result of results) green(result)
      const status = execFileSync('git', ['status', '--porcelain'], { cwd: project, encoding: 'utf8' })
      expect(status).toBe('')
    },
    SLOW,
  )

  test(
    'runs under act on the binaries of an earlier job, and uploads its logs when it is red',
    async () => {
      const home = actHome(folder.path)
      const ended = await act(home, freshCopy('act'), { workflow: '.github/workflows/ci.yml' })
      const said = actLines(ended)
        .map((line) => line.msg.trimEnd())
        .join('\n')
      expect({ ...jobResults(ended), said }).toMatchObject({
        build: 'success',
        integrate: 'success',
        red: 'failure',
      })
      expect(said).toContain('agents ["hello-world-demo","system-agent-demo"]')
      expect(said).toMatch(/short-lived registers with the standalone registry.*exit code 3/)
      const kept = readdirSync(home.cache, { recursive: true, encoding: 'utf8' })
      const logsOf = (artifact: string) =>
        kept.filter((path) => path.includes(`/${artifact}/`) && path.endsWith('/services.log'))
      expect(logsOf('mesh-red-go-python-integration')).toHaveLength(1)
      expect(logsOf('mesh-go-python-integration')).toEqual([])
    },
    SLOW,
  )
})
