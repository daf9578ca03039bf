import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { type Plan, plan } from '../../src/init/plan.ts'
import { survey } from '../../src/init/survey.ts'
import { writePlanned } from '../../src/init/write.ts'
import { loadProject } from '../../src/project/load.ts'
import { FOREIGN_MESH } from '../support/foreign-mesh.ts'
import { HOST, HOST_ID, writeFiles } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { pyproject } from '../support/python.ts'
import { commitAll, copySample } from '../support/sample.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SCHEMA = 'https://example.com/mesh.schema.json'
const TEMPLATE = 'jobs:\n  mesh:\n    uses: org/mesh-actions/.github/workflows/mesh-pipeline.yml@v1\n'

const home = await temporaryFolder()
afterAll(() => home[Symbol.asyncDispose]())
let folders = 0

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(home.path, `project-${++folders}`)
  await writeFiles(directory, files)
  return directory
}

async function planFor(directory: string, force = false): Promise<Plan> {
  const found = await survey(directory, new AbortController().signal)
  return plan(found, { template: TEMPLATE, schema: SCHEMA, force })
}

const textOf = ({ files }: Plan, path: string) => files.find((file) => file.path === path)?.text ?? ''
const states = ({ files }: Plan) => files.map(({ path, state }) => `${state} ${path}`)

async function writeAll(directory: string, { files }: Plan): Promise<void> {
  for (const file of files) await writePlanned(directory, file)
}

test('mesh.yml says of a foreign layout what the defaults do not, and nothing else', async () => {
  const directory = await folderOf(FOREIGN_MESH)
  const planned = await planFor(directory)
  expect(textOf(planned, 'mesh.yml')).toBe(`# yaml-language-server: $schema=${SCHEMA}
version: 1
go:
  commands:
    registry: ./cmd/registry
    cli: ./cmd/meshctl
    migrate: ./cmd/migrate
python:
  packages: [python/mesh, python/runtime]
  commands: [[foreign, --help]]
  tests: [python/mesh]
preserve:
  paths: [python]
  frozen: [python/mesh/src/foreign_mesh/decorators]
deployments:
  reference:
    run: [python, -m, foreign_runtime.registry_server]
integration:
  agents:
    - name: hello
      run: [python, agents/hello.py]
      registers: [hello-demo]
`)
  await writeAll(directory, planned)
  const { config } = loadProject({ directory })
  expect(config.go.commands).toEqual({
    registry: './cmd/registry',
    cli: './cmd/meshctl',
    migrate: './cmd/migrate',
  })
  expect(config.docker.images.registry).toMatchObject({ file: 'docker/registry.Dockerfile', port: 8080 })
  // What has been written is not asked for again.
  expect((await planFor(directory)).files.every(({ state }) => state === 'same')).toBe(true)
})

test('a repository laid out as the defaults expect gets no mesh.yml', async () => {
  const directory = join(home.path, 'sample')
  copySample(directory)
  execFileSync('git', ['rm', '--quiet', 'mesh.yml', 'examples/system_agent.py'], { cwd: directory })
  const planned = await planFor(directory)
  expect(states(planned)).toEqual(['new .github/workflows/mesh-pipeline.yml', 'differs Makefile'])
  expect(textOf(planned, 'Makefile')).toContain(
    'GOOS=windows GOARCH=amd64 go build -o bin/mcp-mesh-registry-windows-amd64.exe ./cmd/mcp-mesh-registry',
  )
})

test.each([
  ['meshctl', 'meshd', { registry: './cmd/meshd', cli: './cmd/meshctl' }],
  ['client', 'registry', { registry: './cmd/registry', cli: './cmd/client' }],
  ['one', 'two', { one: './cmd/one', two: './cmd/two' }],
])('of two commands, %s and %s, the one that is known tells the other', async (a, b, commands) => {
  const main = (name: string) => [`cmd/${name}/main.go`, 'package main\n\nfunc main() {}\n']
  const files = Object.fromEntries([['go.mod', 'module example.com/two\n\ngo 1.24\n'], main(a), main(b)])
  expect((await planFor(await folderOf(files))).config.go.commands).toEqual(commands)
})

test('Go in a folder of its own is built there, and its images take the binaries from there', async () => {
  const below = Object.entries(FOREIGN_MESH)
    .filter(([path]) => /^(go\.mod|cmd\/(registry|meshctl))/.test(path))
    .map(([path, text]) => [`server/${path}`, text])
  const planned = await planFor(await folderOf(Object.fromEntries(below)))
  expect(planned.config.go).toMatchObject({ directory: 'server', commands: { registry: './cmd/registry' } })
  expect(textOf(planned, 'Makefile')).toContain('\tgo -C server build -o bin/registry ./cmd/registry\n')
  const image = textOf(planned, 'docker/registry.Dockerfile')
  expect(image).toMatch(/^COPY server\/bin\/registry-linux-\$\{TARGETARCH:-amd64\} /m)
  expect(image).toMatch(/^USER \d+:\d+$/m)
  expect(image).toMatch(/^EXPOSE 8080$/m)
  expect(image).not.toContain(':latest')
})

test('images of which the project has its own are described and none is written', async () => {
  const directory = await folderOf({
    ...FOREIGN_MESH,
    'deploy/registry/Dockerfile': 'FROM scratch\nEXPOSE 9000\n',
    'deploy/tools.Dockerfile': 'FROM scratch\n',
  })
  const planned = await planFor(directory)
  expect(states(planned).filter((one) => one.includes('docker/'))).toEqual([])
  expect(planned.config.docker.images).toMatchObject({
    registry: { file: 'deploy/registry/Dockerfile', port: 9000 },
    tools: { file: 'deploy/tools.Dockerfile' },
  })
})

test('a mesh.yml that stays is what the Makefile is made after; a broken one is one line', async () => {
  const mesh = `go: { commands: { registry: ./cmd/registry }, platforms: [linux/arm64] }\n`
  const directory = await folderOf({ ...FOREIGN_MESH, 'mesh.yml': mesh, makefile: 'all:\n' })
  const planned = await planFor(directory)
  expect(states(planned)).toEqual(expect.arrayContaining(['differs mesh.yml', 'differs makefile']))
  expect(textOf(planned, 'makefile')).toContain('GOARCH=arm64 go build -o bin/registry-linux-arm64')
  expect(textOf(planned, 'makefile')).not.toContain('darwin')
  expect(textOf(await planFor(directory, true), 'makefile')).toContain('darwin')
  await writeFiles(directory, { 'mesh.yml': 'go: { comands: {} }\n' })
  await expect(planFor(directory)).rejects.toThrow('unknown key "comands" in go')
})

test('a project below the top of its repository gets its workflow at the top, which names it', async () => {
  const repository = await folderOf(
    Object.fromEntries(Object.entries(FOREIGN_MESH).map(([path, text]) => [`services/mesh/${path}`, text])),
  )
  execFileSync('git', ['init', '--quiet'], { cwd: repository })
  commitAll(repository)
  const directory = join(repository, 'services', 'mesh')
  const planned = await planFor(directory)
  await writeAll(directory, planned)
  expect(readFileSync(join(repository, '.github/workflows/mesh-pipeline.yml'), 'utf8')).toBe(
    `${TEMPLATE}    with:\n      working-directory: "services/mesh"\n`,
  )
  expect(existsSync(join(directory, 'Makefile'))).toBe(true)
})

test('the workflow runs on the branch that the others are merged into', async () => {
  const template = "on:\n  push:\n    branches: [main, 'alpha-*']\n  pull_request:\n    branches: [main]\n"
  const directory = await folderOf(FOREIGN_MESH)
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: directory })
  const written = async () => {
    const found = await survey(directory, new AbortController().signal)
    return textOf(
      await plan(found, { template, schema: SCHEMA, force: false }),
      '.github/workflows/mesh-pipeline.yml',
    )
  }
  expect(await written()).toBe(template)
  git('init', '--quiet', '--initial-branch=trunk')
  commitAll(directory)
  expect(await written()).toBe(template.replaceAll('main', 'trunk'))
  git('branch', 'main')
  expect(await written()).toBe(template)
  git('update-ref', 'refs/remotes/origin/release/1.0', 'HEAD')
  git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/release/1.0')
  expect(await written()).toBe(template.replaceAll('main', 'release/1.0'))
})

test('a Python project without Go yet is preserved, and nothing is built', async () => {
  const directory = await folderOf({
    'pyproject.toml': pyproject('alone'),
    'src/alone/__init__.py': '',
    'tools/pyproject.toml': '[tool.ruff]\n',
  })
  const planned = await planFor(directory)
  expect(planned.config.preserve.paths).toEqual(['src'])
  expect(planned.config.python.packages).toEqual(['.'])
  expect(textOf(planned, 'Makefile')).not.toMatch(/\bgo\b/)
  expect(states(planned).filter((one) => one.includes('docker'))).toEqual([])
})

test('a folder with neither says what was looked for', async () => {
  await expect(planFor(await folderOf({ 'README.md': 'nothing\n' }))).rejects.toMatchObject({
    oneLine: expect.stringMatching(/^neither go\.mod nor a Python package is here; looked for a go\.mod/),
  })
})

test('a mesh.yaml, which nobody reads, is not passed over in silence', async () => {
  const directory = await folderOf({ ...FOREIGN_MESH, 'mesh.yaml': 'version: 1\n' })
  await expect(planFor(directory)).rejects.toMatchObject({ fix: 'call it mesh.yml' })
})

test('what leads out of the project is not written through', async () => {
  const directory = await folderOf(FOREIGN_MESH)
  execFileSync('ln', ['-s', home.path, join(directory, 'docker')])
  await expect(planFor(directory)).rejects.toThrow('docker/registry.Dockerfile leads out of the project')
})

describeWith(['go', 'python3'])('the Makefile', () => {
  test('builds, checks the reference and cleans up', async () => {
    const directory = await folderOf({
      ...FOREIGN_MESH,
      'mesh.yml': JSON.stringify({
        go: { commands: { registry: './cmd/registry' }, platforms: [HOST] },
        python: { packages: ['python/mesh'], commands: [], tests: [] },
      }),
    })
    const planned = await planFor(directory)
    for (const file of planned.files.filter(({ state }) => state === 'new'))
      await writePlanned(directory, file)
    const make = (...args: string[]) => execFileSync('make', args, { cwd: directory, encoding: 'utf8' })
    expect(make('--dry-run', 'build-all')).toContain(`go build -o bin/registry-${HOST_ID} ./cmd/registry`)
    make('build-registry', 'native')
    expect(existsSync(join(directory, 'bin', `registry-${HOST_ID}`))).toBe(true)
    execFileSync(join(directory, 'bin', 'registry'))
    expect(make('validate-python-reference')).toContain('Python foreign_mesh package intact')
    make('clean')
    expect(existsSync(join(directory, 'bin'))).toBe(false)
  })
})
