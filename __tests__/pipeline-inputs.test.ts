import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { JOB_NAMES, stagesOf } from '../src/report/pipeline.ts'
import { STAGES } from '../src/result/stages.ts'
import { ROOT } from './support/suite.ts'

interface Step {
  readonly id: string
  readonly uses: string
  readonly with: Readonly<Record<string, unknown>>
}

interface Input {
  readonly description: string
  readonly default: unknown
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, Input>>
  readonly outputs: Readonly<Record<string, unknown>>
  readonly runs: { readonly steps: readonly Step[] }
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const actionFile = (path: string): ActionFile => parse(read(path))
const workflow = parse(read('.github/workflows/mesh-pipeline.yml'))
const called = workflow.on.workflow_call
const root = actionFile('action.yml')

/** What only a workflow with jobs can have. */
const OF_JOBS = ['runs-on', 'build-shards', 'timeout-minutes']

/** The rows of the README's table below a mark: the names in their first column. */
const namesInReadme = (mark: string, head: string): readonly string[] => {
  const section = read('README.md').split(`<!-- generated: ${mark} -->`)[1]?.split('<!-- end -->')[0] ?? ''
  const table = section.split('\n\n').find((one) => one.trim().startsWith(`| ${head} |`)) ?? ''
  return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name ?? '')
}

test('the root action takes what the workflow takes, but for what is of jobs, and the secret as an input', () => {
  const names = Object.keys(called.inputs).filter((name) => !OF_JOBS.includes(name))
  expect(Object.keys(root.inputs)).toEqual([...names, ...Object.keys(called.secrets)])
  for (const name of names) {
    const { description, default: value } = called.inputs[name]
    expect(root.inputs[name]).toMatchObject({ description, default: String(value) })
  }
})

test('both give the same, and the README has the inputs and outputs of the workflow', () => {
  expect(Object.keys(root.outputs)).toEqual(Object.keys(called.outputs))
  expect(namesInReadme('pipeline', 'input')).toEqual(Object.keys(called.inputs))
  expect(namesInReadme('pipeline', 'output')).toEqual(Object.keys(called.outputs))
})

test('every input of the workflow arrives somewhere in a step or a job', () => {
  const text = JSON.stringify(workflow.jobs)
  for (const name of Object.keys(called.inputs)) expect(text).toContain(`inputs.${name}`)
})

test('what steps are given are inputs of their actions', () => {
  const jobs: readonly { readonly steps: readonly Step[] }[] = Object.values(workflow.jobs)
  const steps = [...jobs.flatMap((job) => job.steps), ...root.runs.steps].filter(({ uses }) =>
    uses.startsWith('org/mesh-actions/'),
  )
  expect(steps.length).toBeGreaterThan(10)
  for (const step of steps) {
    const [, path] = /^org\/mesh-actions\/(.+)@/.exec(step.uses) ?? []
    expect(Object.keys(actionFile(`${path}/action.yml`).inputs)).toEqual(
      expect.arrayContaining(Object.keys(step.with)),
    )
  }
})

test('the short name hands on every input of cross-compile-go, as that one describes it', () => {
  const short = actionFile('cross-compile/action.yml')
  const full = actionFile('actions/cross-compile-go/action.yml')
  const step = short.runs.steps.find(({ id }) => id === 'cross-compile-go')
  for (const [name, input] of Object.entries(full.inputs)) {
    expect(short.inputs[name]).toEqual(input)
    expect(step?.with[name]).toBe('$' + `{{ inputs.${name} }}`)
  }
  expect(Object.keys(short.outputs)).toEqual(Object.keys(full.outputs))
})

test('no stage is named within another, or within the job of another, so that `skip` can be searched for a name', () => {
  const lower = STAGES.map((stage) => stage.toLowerCase())
  for (const stage of lower) expect(lower.filter((other) => other.includes(stage))).toEqual([stage])
  for (const job of JOB_NAMES) {
    const named = STAGES.filter((stage) => job.includes(stage))
    expect(stagesOf(job)).toEqual(expect.arrayContaining(named))
  }
})

test('each job holds `skip` against the names that there are before it sets anything up', () => {
  const jobs: readonly { readonly steps: readonly Step[] }[] = [
    ...JOB_NAMES.map((job) => workflow.jobs[job]),
    root.runs,
  ]
  for (const { steps } of jobs) {
    const [first] = steps.filter(({ id }) => id !== undefined && id !== 'guard')
    expect(first).toMatchObject({ id: 'setup-mesh-toolchain', with: { skip: '$' + '{{ inputs.skip }}' } })
  }
})
