import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { ACTIONS } from '../../src/actions/index.ts'
import { CLI, type Ended, execute, NODE_24, NODE_OF_NPM, ROOT } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Words that only the chunk of one heavy library holds. */
const HEAVY = {
  artifact: 'BlockBlobClient',
  listr: 'LISTR_',
  commander: 'CommanderError',
  sbom: 'cyclonedx.org',
  charts: 'zrender',
}

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

/** Runs Node and says which files of the bundle it loaded, as V8 lists them. */
async function loaded(
  node: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<readonly string[]> {
  const coverage = mkdtempSync(join(folder.path, 'coverage-'))
  await execute(node, args, { cwd: folder.path, env: { ...process.env, ...env, NODE_V8_COVERAGE: coverage } })
  const reports = readdirSync(coverage).map((name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')))
  return reports.flatMap(({ result }) =>
    (result as { url: string }[])
      .filter(({ url }) => url.startsWith('file:') && url.includes('/dist/'))
      .map(({ url }) => fileURLToPath(url)),
  )
}

function heavyOnes(files: readonly string[]): readonly string[] {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  return Object.entries(HEAVY).flatMap(([library, word]) => (text.includes(word) ? [library] : []))
}

const step = (name: string, env: Record<string, string>): Promise<Ended> =>
  execute(NODE_24, [join(ROOT, 'dist', name, 'index.js')], {
    cwd: folder.path,
    env: { ...process.env, GITHUB_WORKSPACE: folder.path, ...env },
  })

describe('the committed bundle', () => {
  test('each library that is watched here is in it', () => {
    const suite = join(ROOT, 'dist', 'suite')
    const chunks = readdirSync(suite).filter((name) => name.endsWith('.js'))
    expect(heavyOnes(chunks.map((name) => join(suite, name)))).toEqual(Object.keys(HEAVY))
  })

  test.each(Object.keys(ACTIONS))('%s starts under Node 24 without what it does not use', async (name) => {
    const files = await loaded(NODE_24, [join(ROOT, 'dist', name, 'index.js')], {
      GITHUB_WORKSPACE: folder.path,
      // Refused by those that read the project, and by the others.
      INPUT_CONFIG: 'none.yml',
      INPUT_NAME: 'a/b',
    })
    expect(files).toContain(join(ROOT, 'dist', 'suite', 'index.js'))
    expect(heavyOnes(files)).toEqual([])
  })

  test.each([
    ['Node 24', NODE_24],
    ["npm's own Node", NODE_OF_NPM],
  ])('the command line shows its help under %s without what it does not use', async (_, node) => {
    const files = await loaded(node, [CLI, '--help'], {})
    expect(files).toContain(CLI)
    expect(heavyOnes(files)).toEqual(['commander'])
    expect((await execute(node, [CLI, 'run', '--help'])).stdout).toContain('--platforms <a,b>')
  })

  test('init finds the starter workflow that lies beside dist/', async () => {
    const project = mkdtempSync(join(folder.path, 'project-'))
    writeFileSync(join(project, 'go.mod'), 'module example.com/mesh\n')
    const { code, stdout } = await execute(NODE_OF_NPM, [CLI, 'init', '--dry-run'], { cwd: project })
    expect(stdout).toMatch(/^new: \.github\/workflows\/mesh-pipeline\.yml \(\d+ lines\)$/m)
    expect(code).toBe(0)
  })

  test("a user's mistake is one annotation without a stack", async () => {
    const { code, stdout } = await step('cross-compile-go', { INPUT_CONFIG: 'none.yml' })
    expect(code).toBe(2)
    expect(stdout).toMatch(/^::error::no file none\.yml in mesh-actions-test-\w+$/m)
    expect(stdout).not.toContain('    at ')
  })

  test('a bug is shown with a stack that leads to src/', async () => {
    const { code, stdout } = await step('cross-compile-go', { GITHUB_SERVER_URL: 'no address' })
    expect(code).toBe(1)
    expect(stdout).toMatch(/::error::TypeError: Invalid URL.*src\/platform\/github\.ts:\d+:\d+/)
  })
})
