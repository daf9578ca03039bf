import { expect, test } from '@jest/globals'
import { readNeeds } from '../../src/report/needs.ts'
import { JOB_NAMES } from '../../src/report/pipeline.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'

const needs = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    ...Object.fromEntries(JOB_NAMES.map((job) => [job, { result: 'success', outputs: { attempt: '2' } }])),
    ...changes,
  })

test('every job has its result and the attempt in which it ran last', () => {
  expect([...readNeeds(needs()).values()]).toEqual(
    JOB_NAMES.map(() => ({ result: 'success', attempt: 2, cause: undefined })),
  )
})

test('what act says of jobs without outputs, and of skipped ones, is no attempt', () => {
  const read = readNeeds(
    needs({
      'docker-build': { result: 'failure', outputs: null },
      'load-testing': { result: 'skipped', outputs: { attempt: '$' + '{{ github.run_attempt }}' } },
    }),
  )
  expect(read.get('docker-build')).toEqual({ result: 'failure', attempt: undefined, cause: undefined })
  expect(read.get('load-testing')).toEqual({ result: 'skipped', attempt: undefined, cause: undefined })
})

test.each([
  ['', 'needs: it is no JSON of jobs'],
  ['[]', 'needs: it is no JSON of jobs'],
  [needs({ 'docker-build': undefined }), 'needs: there is no docker-build'],
  [needs({ 'docker-build': { result: 'fine' } }), 'needs: docker-build has no result'],
])('%j is refused', (text, message) => {
  expect(() => readNeeds(text)).toThrow(new ConfigurationError(message))
})
