import { expect, test } from '@jest/globals'
import { actArguments } from '../../../src/cli/act/index.ts'
import { namedRefs } from '../../../src/cli/act/named-refs.ts'

const from = (files: Readonly<Record<string, string>>) => (path: string) => files[path]
const SHA = '0123456789abcdef0123456789abcdef01234567'
const steps = (...uses: string[]) => JSON.stringify({ runs: { steps: uses.map((one) => ({ uses: one })) } })
const calls = (uses: string) => JSON.stringify({ jobs: { mesh: { uses } } })

test('each ref is named once: those of the workflow, and what is named behind it in the suite', () => {
  const project = from({ 'ci.yml': calls('org/mesh-actions/.github/workflows/mesh-pipeline.yml@v1') })
  const suite = from({
    '.github/workflows/mesh-pipeline.yml': JSON.stringify({
      jobs: { a: { steps: [{ uses: `org/mesh-actions@${SHA}` }, { uses: 'actions/checkout@v4' }] } },
    }),
    'action.yml': steps('org/mesh-actions/actions/cross-compile-go@v2', 'org/mesh-actions@v1'),
    'actions/cross-compile-go/action.yml': steps(),
  })
  expect(namedRefs('ci.yml', project, suite)).toEqual([SHA, 'v1', 'v2'])
})

test("the project's own workflows and actions are followed, other repositories are not", () => {
  const project = from({
    'ci.yml': JSON.stringify({
      jobs: { a: { uses: './.github/workflows/more.yml' }, b: { steps: [{ uses: './tools/mesh' }] } },
    }),
    '.github/workflows/more.yml': JSON.stringify({
      jobs: { a: { steps: [{ uses: 'org/mesh-actions/cross-compile@main' }] } },
    }),
    'tools/mesh/action.yml': steps(
      'org/mesh-actions/actions/docker-smoke@v1',
      'octo/mesh-actions-extra/x@v9',
    ),
  })
  expect(namedRefs('ci.yml', project, from({}))).toEqual(['main', 'v1'])
})

test('what stands in a comment or a script, or is no YAML, names nothing', () => {
  const text = '# uses: org/mesh-actions@v1\nrun: "uses: org/mesh-actions@v2"\n'
  expect(namedRefs('ci.yml', from({ 'ci.yml': text }), from({}))).toEqual([])
  expect(namedRefs('ci.yml', from({ 'ci.yml': 'a: [' }), from({}))).toEqual([])
})

test('act gets one mapping for each ref, and everything else stays on this machine', () => {
  const argv = actArguments({
    ...{ event: 'push', repository: '/project', file: '.github/workflows/ci.yml' },
    ...{ suite: '/suite', refs: ['v1', SHA] },
  })
  const valuesOf = (flag: string) => argv.filter((_, index) => argv[index - 1] === flag)
  expect(argv[0]).toBe('push')
  expect(valuesOf('--local-repository')).toEqual([
    'org/mesh-actions@v1=/suite',
    `org/mesh-actions@${SHA}=/suite`,
  ])
  expect(valuesOf('--platform')).toContain('ubuntu-latest=-self-hosted')
  expect(valuesOf('--artifact-server-addr')).toEqual(['127.0.0.1'])
  expect(valuesOf('--cache-server-addr')).toEqual(['127.0.0.1'])
  expect(argv).toContain('--action-offline-mode')
})
