import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import { openConsumers, WORKFLOW } from '../support/consumers.ts'
import { describeWith } from '../support/needs.ts'
import { calling } from '../support/pipeline-run.ts'
import { edit, plant } from '../support/sample.ts'

const SLOW = 10 * 60_000

/** The root action, after a checkout. */
const inOneJob = (inputs: Readonly<Record<string, string>>) => `
on: push
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions@v1
        with: ${JSON.stringify(inputs)}
`

describeWith(['go', 'docker', 'python3 of version 3.11 or later'])('a consumer of the pipeline', () => {
  let consumers: Awaited<ReturnType<typeof openConsumers>>
  beforeAll(async () => {
    consumers = await openConsumers()
  }, SLOW)
  afterAll(async () => consumers?.[Symbol.asyncDispose](), SLOW)

  describe('is red in the one job that has the fault, and the report names it:', () => {
    const cases: readonly {
      readonly fault: string
      readonly inputs: Readonly<Record<string, string>>
      readonly plant: (project: string) => void
      readonly job: string
      readonly cause: RegExp
    }[] = [
      {
        fault: 'the reference was deleted',
        inputs: {},
        plant: (project) => rmSync(join(project, 'packages'), { recursive: true }),
        job: 'validate-python-reference',
        cause: /validate-python-ref is red: packages is there: the whole of it is gone/,
      },
      {
        fault: 'a package that cannot be installed',
        inputs: {},
        plant: (project) =>
          edit(project, 'packages/mcp_mesh/pyproject.toml', (text) =>
            text.replace('dependencies = []', 'dependencies = ["no-such-package-of-this-mesh"]'),
          ),
        job: 'validate-python-reference',
        cause: /failed before it had a result: .*no-such-package-of-this-mesh/,
      },
      {
        fault: 'Go that does not compile for Windows',
        inputs: { skip: 'validate-python-ref', platforms: 'linux/amd64,windows/amd64' },
        plant: (project) =>
          plant(
            project,
            'internal/registry/broken_windows.go',
            'package registry\n\nvar broken int = "text"\n',
          ),
        job: 'build-go-binaries',
        cause: /cross-compile-go is red: .*cannot use "text"/,
      },
      {
        fault: 'an agent that cannot start',
        inputs: { skip: 'validate-python-ref', platforms: 'linux/amd64', config: 'one-image.yml' },
        plant: (project) =>
          plant(
            project,
            'one-image.yml',
            'integration: { agents: [{ name: hello, run: [python, examples/gone.py], registers: [hello] }] }\n',
          ),
        job: 'integration-testing',
        cause: /go-python-integration is red: .*it ended: exit code 2/,
      },
      {
        fault: 'an image that runs as root',
        inputs: {
          skip: 'validate-python-ref,go-python-integration',
          platforms: 'linux/amd64',
          config: 'one-image.yml',
        },
        plant: (project) =>
          edit(project, 'docker/registry.Dockerfile', (text) => text.replace(/^USER .*$/m, 'USER root')),
        job: 'docker-build',
        cause: /docker-smoke is red: .*does not run as root: USER root/,
      },
    ]

    test.each(cases)(
      '$fault',
      async ({ inputs, plant: break_, job, cause }) => {
        const project = consumers.make(calling(inputs))
        break_(project)
        const { code, jobs, outputs, summary } = await consumers.run(project)
        expect(code).not.toBe(0)
        const red = Object.keys(jobs).filter((name) => jobs[name] === 'failure')
        expect({ red, summary }).toMatchObject({ red: [job, 'report'] })
        expect(outputs.verdict).toBe('fail')
        expect(summary).toMatch(cause)
      },
      SLOW,
    )
  })

  test(
    'is not served what an earlier run built',
    async () => {
      const project = consumers.make(
        calling({
          skip: 'validate-python-ref,go-python-integration,docker-smoke',
          platforms: 'linux/amd64',
        }),
      )
      const first = await consumers.run(project)
      expect(first).toMatchObject({ code: 0, outputs: { verdict: 'pass', partial: 'true' } })
      plant(project, WORKFLOW, calling({ skip: 'validate-python-ref,cross-compile-go,docker-smoke' }))
      rmSync(join(project, 'bin'), { recursive: true, force: true })
      const second = await consumers.run(project)
      expect(second.jobs).toMatchObject({ 'integration-testing': 'failure', report: 'failure' })
      expect(JSON.parse(second.outputs.stages ?? '')).toMatchObject({
        'cross-compile-go': 'skipped',
        'go-python-integration': 'fail',
      })
    },
    SLOW,
  )

  describe('that has all in one job', () => {
    test(
      'is green, and its report is about the stages that were not left out',
      async () => {
        const inputs = { skip: 'docker-smoke,validate-python-ref', platforms: 'linux/amd64' }
        const { code, outputs, summary } = await consumers.run(consumers.make(inOneJob(inputs)))
        expect({ code, summary }).toMatchObject({ code: 0 })
        expect(outputs).toMatchObject({ verdict: 'pass', partial: 'true' })
        expect(JSON.parse(outputs.stages ?? '')).toMatchObject({
          'cross-compile-go': 'pass',
          'go-python-integration': 'pass',
          'docker-smoke': 'skipped',
        })
      },
      SLOW,
    )

    test(
      'is red with its cause where the reference was deleted',
      async () => {
        const project = consumers.make(inOneJob({}))
        rmSync(join(project, 'packages', 'mcp_mesh'), { recursive: true })
        const { code, outputs, summary } = await consumers.run(project)
        expect(code).not.toBe(0)
        expect(outputs.verdict).toBe('fail')
        expect(summary).toMatch(/validate-python-ref is red: packages\/mcp\\_mesh is there: the whole/)
      },
      SLOW,
    )
  })
})
