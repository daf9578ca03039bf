import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT } from './support/suite.ts'

const FOLDER = join(ROOT, 'workflows-templates')
const PIPELINE = join(ROOT, '.github', 'workflows', 'mesh-pipeline.yml')
const names = readdirSync(FOLDER).flatMap((file) => /^(.+)\.yml$/.exec(file)?.[1] ?? [])

const workflowOf = (name: string) => parse(readFileSync(join(FOLDER, `${name}.yml`), 'utf8'))
const propertiesOf = (name: string) =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.properties.json`), 'utf8'))

test('there is a template for every commit, for pull requests, for the night and for the builds alone', () => {
  expect(names).toEqual(['mesh-cross-compile', 'mesh-nightly', 'mesh-pipeline', 'mesh-pull-request'])
})

test.each(names)('%s is shown with name, description, icon and the files that it is for', (name) => {
  const { iconName, categories, filePatterns, ...words } = propertiesOf(name)
  expect(words).toEqual({ name: workflowOf(name).name, description: expect.stringMatching(/\.$/) })
  expect(categories).toContain('Continuous integration')
  expect(filePatterns.some((pattern: string) => new RegExp(pattern).test('go.mod'))).toBe(true)
  if (!iconName.startsWith('octicon ')) {
    expect(readFileSync(join(FOLDER, `${iconName}.svg`), 'utf8')).toMatch(/^<svg [^>]*viewBox/)
  }
})

test.each(names)('%s may only read, and a newer run of a branch takes the place of an older one', (name) => {
  const { permissions, concurrency } = workflowOf(name)
  expect(permissions).toEqual({ contents: 'read' })
  expect(concurrency.group).toMatch(/\$\{\{ github\.ref \}\}$/)
  // Of the builds alone older runs of main go on.
  expect(String(concurrency['cancel-in-progress'])).toMatch(
    /^(true|\$\{\{ github\.event_name == 'pull_request' \}\})$/,
  )
})

test("the pipeline's template has the seed's triggers and the merge queue", () => {
  expect(workflowOf('mesh-pipeline').on).toEqual({
    push: { branches: ['main', 'alpha-*'] },
    pull_request: { branches: ['main'] },
    merge_group: null,
  })
})

test('what templates give to the reusable workflow are inputs that it has', () => {
  const { inputs } = parse(readFileSync(PIPELINE, 'utf8')).on.workflow_call
  const given = names.flatMap((name) =>
    Object.values(workflowOf(name).jobs as Record<string, { with?: object }>).flatMap((job) =>
      'uses' in job ? Object.keys(job.with ?? {}) : [],
    ),
  )
  expect(given.length).toBeGreaterThan(0)
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given))
})
