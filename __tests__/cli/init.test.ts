import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { FOREIGN_MESH } from '../support/foreign-mesh.ts'
import { writeFiles } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, edit, plant } from '../support/sample.ts'
import { sourceCli } from '../support/source-cli.ts'
import { ROOT } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const home = await temporaryFolder()
afterAll(() => home[Symbol.asyncDispose]())

/** A repository with one commit, of whose Python there is a baseline unless it is to be taken. */
async function repository(name: string, baseline = 'there\n'): Promise<string> {
  const directory = join(home.path, name)
  await writeFiles(directory, { ...FOREIGN_MESH, ...(baseline === '' ? {} : { 'mesh.baseline': baseline }) })
  execFileSync('git', ['init', '--quiet', '--initial-branch=main'], { cwd: directory })
  commitAll(directory)
  return directory
}

const init = (directory: string, ...args: string[]) =>
  sourceCli(['init', '--project', directory, ...args], {
    cwd: home.path,
    env: { XDG_CACHE_HOME: join(home.path, 'cache') },
  })
const changed = (directory: string) =>
  execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {
    cwd: directory,
    encoding: 'utf8',
  })

test('a dry run shows what it would write, with the number of lines, and writes nothing', async () => {
  const directory = await repository('dry')
  const { code, stdout } = await init(directory, '--dry-run')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^new: mesh\.yml \(\d+ lines\)$/m)
  expect(stdout).toMatch(/^new: \.github\/workflows\/mesh-pipeline\.yml \(\d+ lines\)$/m)
  expect(changed(directory)).toBe('')
})

test('it writes what is missing, and a second time finds it all there', async () => {
  const directory = await repository('twice')
  expect(await init(directory)).toMatchObject({ code: 0, stderr: '' })
  expect(changed(directory).trim().split('\n').sort()).toEqual([
    '?? .github/workflows/mesh-pipeline.yml',
    '?? Makefile',
    '?? docker/cli.Dockerfile',
    '?? docker/cli.Dockerfile.dockerignore',
    '?? docker/data/.gitkeep',
    '?? docker/registry.Dockerfile',
    '?? docker/registry.Dockerfile.dockerignore',
    '?? mesh.yml',
  ])
  const template = readFileSync(join(ROOT, 'workflows-templates', 'mesh-pipeline.yml'), 'utf8')
  expect(readFileSync(join(directory, '.github/workflows/mesh-pipeline.yml'), 'utf8')).toBe(template)
  const before = changed(directory)
  commitAll(directory)
  const again = await init(directory)
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('all is there already') })
  expect(again.stdout).not.toMatch(/^written/m)
  expect(before).not.toBe('')
  expect(changed(directory)).toBe('')
})

test('what only a person knows is asked last, and by a dry run as well', async () => {
  const directory = await repository('asked', '')
  await rm(join(directory, 'cmd'), { recursive: true })
  plant(directory, 'cmd/one/main.go', 'package main\n\nfunc main() {}\n')
  execFileSync('git', ['rm', '--cached', '--quiet', '-r', 'python'], { cwd: directory })
  const asked = [
    'note: git does not ignore bin/, where binaries are built; name it in .gitignore',
    'note: which command is the registry? call it go.commands.registry',
    'note: which command is the CLI? call it go.commands.cli',
  ]
  const lastLines = ({ stdout }: { stdout: string }) => stdout.trimEnd().split('\n').slice(-4)
  expect(lastLines(await init(directory, '--dry-run'))).toEqual([...asked, 'a dry run: nothing is written'])
  const unwritten = expect.stringMatching(/^not written: mesh\.baseline: /)
  expect(lastLines(await init(directory))).toEqual([unwritten, ...asked])
  plant(directory, '.gitignore', '/bin/\n')
  expect((await init(directory)).stdout).not.toContain('git does not ignore')
})

test('a file that differs is shown and kept, and overwritten with --force alone', async () => {
  const directory = await repository('kept')
  const mine = 'build-all:\n\t@echo mine\n'
  plant(directory, 'Makefile', mine)
  const { code, stdout } = await init(directory)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^ {2}\| --- Makefile\n {2}\| \+\+\+ Makefile as init writes it\n {2}\| @@ -1,2 \+1,/m,
  )
  expect(stdout).toContain('  | -\t@echo mine\n')
  expect(stdout).toContain('kept as it is: Makefile (remove it to have it written anew; --force')
  expect(readFileSync(join(directory, 'Makefile'), 'utf8')).toBe(mine)
  expect(await init(directory, '--force')).toMatchObject({ code: 0 })
  expect(readFileSync(join(directory, 'Makefile'), 'utf8')).toContain('build-registry:')
  expect(readFileSync(join(directory, 'mesh.baseline'), 'utf8')).toBe('there\n')
  expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('a mesh.yml that says the same in other words is there already', async () => {
  const directory = await repository('words')
  await init(directory)
  edit(directory, 'mesh.yml', (text) => JSON.stringify(parse(text)))
  expect((await init(directory)).stdout).toContain('there already: mesh.yml')
})

test('mistakes are one line with exit code 2', async () => {
  const missing = await init(join(home.path, 'nowhere'))
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: no folder .*\n$/) })
  const empty = join(home.path, 'empty')
  plant(empty, 'README.md', '')
  expect(await init(empty)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: neither go\.mod nor a Python package is here; looked for .*\n$/),
  })
})

test('without git it says how the baseline is taken later', async () => {
  const directory = join(home.path, 'no-repository')
  await writeFiles(directory, FOREIGN_MESH)
  const { code, stdout } = await init(directory)
  expect(code).toBe(0)
  expect(stdout).toContain(`git tracks nothing under python; add it, then mesh-actions baseline --project`)
  expect(existsSync(join(directory, 'mesh.baseline'))).toBe(false)
})

describeWith(['python3 of version 3.11 or later'])('with a Python reference that works', () => {
  test('the baseline is taken as well; of one that does not work none is', async () => {
    const directory = await repository('baseline', '')
    const test = 'python/mesh/tests/test_agent.py'
    edit(directory, test, (text) => text.replace('is len', 'is None'))
    const red = await init(directory)
    expect(red).toMatchObject({ code: 0, stdout: expect.stringContaining('not written: mesh.baseline: ') })
    expect(existsSync(join(directory, 'mesh.baseline'))).toBe(false)
    edit(directory, test, (text) => text.replace('is None', 'is len'))
    expect(await init(directory)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^mesh\.baseline: \d+ files, \d+ public names, 1 tests/m),
    })
    expect(readFileSync(join(directory, 'mesh.baseline'), 'utf8')).toContain('test_it_decorates')
  }, 120_000)
})
