import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openConsumers } from '../support/consumers.ts'
import { describeWith } from '../support/needs.ts'
import { ROOT } from '../support/suite.ts'

const SLOW = 10 * 60_000

const GREEN = {
  'validate-python-ref': 'pass',
  'cross-compile-go': 'pass',
  'go-python-integration': 'pass',
  'registry-parity': 'skipped',
  'docker-smoke': 'pass',
  'load-test': 'skipped',
}

describeWith(['go', 'docker', 'python3 of version 3.11 or later'])('a consumer made from a template', () => {
  let consumers: Awaited<ReturnType<typeof openConsumers>>
  beforeAll(async () => {
    consumers = await openConsumers()
  }, SLOW)
  afterAll(async () => consumers?.[Symbol.asyncDispose](), SLOW)

  test.each([
    ['mesh-pipeline', 'push', GREEN],
    ['mesh-pull-request', 'pull_request', { ...GREEN, 'docker-smoke': 'skipped' }],
    ['mesh-nightly', 'workflow_dispatch', GREEN],
  ] as const)(
    '%s is green on the sample in every job',
    async (name, event, stages) => {
      const template = readFileSync(join(ROOT, 'workflows-templates', `${name}.yml`), 'utf8')
      const { code, jobs, outputs, summary } = await consumers.run(consumers.make(template), event)
      expect({ code, jobs, summary }).toMatchObject({
        code: 0,
        jobs: { 'validate-python-reference': 'success', report: 'success' },
      })
      expect(Object.values(jobs)).not.toContain('failure')
      expect(JSON.parse(outputs.stages ?? '')).toEqual(stages)
      expect(outputs).toMatchObject({
        verdict: 'pass',
        partial: String(name === 'mesh-pull-request'),
        'report-artifact': 'mesh-report',
      })
      const sizes = JSON.parse(outputs['image-sizes'] ?? '')
      expect(Object.keys(sizes)).toEqual(stages['docker-smoke'] === 'pass' ? ['registry', 'cli'] : [])
    },
    SLOW,
  )
})
