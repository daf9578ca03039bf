import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { writeFiles } from '../support/go-module.ts'
import { answeringAs, program } from '../support/python.ts'
import { sourceCli } from '../support/source-cli.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const home = await temporaryFolder()
afterAll(() => home[Symbol.asyncDispose]())

/** A machine on whose PATH these programs alone are: links to real ones, or scripts that answer as one would. */
async function machine(name: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const bin = join(home.path, name)
  mkdirSync(bin)
  for (const [file, script] of Object.entries(programs)) await program(join(bin, file), script)
  return bin
}

const doctor = (project: string, path: string, ...args: string[]) =>
  sourceCli(['doctor', '--project', project, ...args], {
    cwd: home.path,
    env: { PATH: path, XDG_CACHE_HOME: join(home.path, 'cache') },
  })

const project = join(home.path, 'project')
await writeFiles(project, { 'go.mod': 'module example.com/mesh\n\ngo 1.24\n' })

const DOCKER = `case "$*" in *json*) echo '{"Version":"27.1.0","Arch":"amd64"}';; *) exit 1;; esac`

describe('mesh-actions doctor', () => {
  test('a machine with everything can run every stage', async () => {
    const bin = await machine('whole', {
      docker: DOCKER,
      act: 'echo act version 0.2.89',
      uv: 'echo uv 0.9.1',
      'python3.11': answeringAs('3.11.7', '/usr/bin/python3.11'),
      go: 'echo go version go1.25.3 linux/amd64',
    })
    symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(bin, 'git'))
    const { code, stdout } = await doctor(project, bin)
    for (const line of [/^go +1\.25\.3$/m, /^python +3\.11\.7$/m, /^uv +0\.9\.1$/m, /^docker +27\.1\.0$/m]) {
      expect(stdout).toMatch(line)
    }
    expect(stdout).toMatch(/^docker-smoke +can run$/m)
    expect(stdout).not.toContain('cannot run')
    expect(code).toBe(0)
  })

  test('what is missing is told with what would help, for the stages that need it', async () => {
    const bin = await machine('bare', { go: 'echo go version go1.22.0 linux/amd64' })
    const { code, stdout } = await doctor(project, bin, '--json')
    const { tools, stages } = JSON.parse(stdout) as {
      tools: { name: string; state: string; lacking?: string; fix?: string }[]
      stages: { stage: string; ready: boolean; missing: string[] }[]
    }
    const tool = (name: string) => tools.find((one) => one.name === name)
    expect(tool('docker')).toMatchObject({ state: 'missing', lacking: 'there is no docker on PATH' })
    expect(tool('git')).toMatchObject({ state: 'missing', fix: expect.stringContaining('install git') })
    expect(tool('python')).toMatchObject({ state: 'missing', lacking: 'there is no Python' })
    // An older Go fetches the one that go.mod asks for.
    expect(tool('go')).toMatchObject({
      state: 'fetched',
      lacking: 'there is Go 1.22.0, and not go 1.24 of go.mod',
    })
    expect(Object.fromEntries(stages.map(({ stage, missing }) => [stage, missing]))).toMatchObject({
      'validate-python-ref': ['git', 'python'],
      'cross-compile-go': [],
      'docker-smoke': ['git', 'docker'],
    })
    expect(code).toBe(3)
  })

  test('a mesh.yml that is not valid is one line with exit code 2', async () => {
    const broken = join(home.path, 'broken')
    await writeFiles(broken, { 'mesh.yml': 'go: { verzion: 1.24 }\n' })
    expect(await doctor(broken, '/nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('unknown key "verzion" in go; did you mean "version"?'),
    })
  })
})
