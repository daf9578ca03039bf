import { describe, expect, test } from '@jest/globals'
import { projectWith, refusalOf } from '../support/project.ts'

const SIZE = 'expected a size with its unit, as in 40MiB'
const DURATION = 'expected a duration with its unit, as in 30s'
const PLATFORM = 'expected GOOS/GOARCH, as in linux/amd64'
const PLACEHOLDERS = 'there are {registry} {cli} {port} {url} {python}'

describe('an unknown key', () => {
  test.each([
    ['go:\n  platfroms: [linux/amd64]\n', '2:3: unknown key "platfroms" in go; did you mean "platforms"?'],
    ['verson: 1\n', '1:1: unknown key "verson"; did you mean "version"?'],
    [
      'docker:\n  images:\n    registry:\n      file: a\n      size-limt: 1MB\n',
      '5:7: unknown key "size-limt" in docker.images.registry; did you mean "size-limit"?',
    ],
    [
      'integration:\n  agents:\n    - name: a\n      run: [a]\n      registers: [a]\n      envs: {}\n',
      '6:7: unknown key "envs" in integration.agents.0; did you mean "env"?',
    ],
    [
      'deployments:\n  embedded:\n    ready: { stats: 204 }\n',
      '3:14: unknown key "stats" in deployments.embedded.ready; did you mean "status"?',
    ],
  ])('is named where it stands, with the nearest that exists: %j', async (yaml, line) => {
    expect(await refusalOf(yaml)).toBe(`mesh.yml:${line}`)
  })

  test('that is right elsewhere names that place', async () => {
    expect(await refusalOf('# a\nplatforms: [linux/amd64]\n')).toBe(
      'mesh.yml:2:1: unknown key "platforms"; did you mean go.platforms?',
    )
    expect(await refusalOf('go:\n  images: {}\n')).toBe(
      'mesh.yml:2:3: unknown key "images" in go; did you mean docker.images?',
    )
  })

  test('that is like none lists those that exist', async () => {
    expect(await refusalOf('parity:\n  xyzzy: 1\n')).toBe(
      'mesh.yml:2:3: unknown key "xyzzy" in parity; there are sequences, known-differences',
    )
  })
})

describe('a value of the wrong kind', () => {
  test.each([
    ['go: 5\n', '1:5: go: expected keys and values, found 5'],
    ['go:\n', '1:4: go: expected keys and values, found null'],
    ['- go\n', '1:1: the file: expected keys and values, found ["go"]'],
    ['version: 2\n', '1:10: version: expected 1, found 2'],
    ['go:\n  cgo: yes please\n', '2:8: go.cgo: expected true or false, found "yes please"'],
    ['go:\n  version: [1, 24]\n', '2:12: go.version: expected a version, as in 1.24, found [1,24]'],
    ['go:\n  ldflags: 5\n', '2:12: go.ldflags: expected text, found 5'],
    ['go:\n  platforms: []\n', '2:14: go.platforms: expected at least one platform, found []'],
    ['go:\n  platforms: [linux-amd64]\n', `2:15: go.platforms.0: ${PLATFORM}, found "linux-amd64"`],
    [
      'go:\n  platforms:\n    - linux/amd64\n    - Linux/amd64\n',
      `4:7: go.platforms.1: ${PLATFORM}, found "Linux/amd64"`,
    ],
    ['load:\n  agents: 1e3\n', '2:11: load.agents: expected a whole number, found "1e3"'],
    ['load:\n  agents: 0\n', '2:11: load.agents: expected a number above 0, found 0'],
    ['load:\n  gates: { speedup: fast }\n', '2:21: load.gates.speedup: expected a number, found "fast"'],
    ['load:\n  gates: { speedup: 0 }\n', '2:21: load.gates.speedup: expected a number above 0, found 0'],
    ['go:\n  size-limits: { registry: 40 }\n', `2:28: go.size-limits.registry: ${SIZE}, found 40`],
    ['go:\n  size-limits: { registry: 40mb }\n', `2:28: go.size-limits.registry: ${SIZE}, found "40mb"`],
    [
      'deployments:\n  standalone: { timeout: 30 }\n',
      `2:26: deployments.standalone.timeout: ${DURATION}, found 30`,
    ],
    [
      'deployments:\n  standalone: { port: 65536 }\n',
      '2:23: deployments.standalone.port: expected a port from 0 to 65535, found 65536',
    ],
    [
      'before: [make]\n',
      '1:10: before.0: expected a list of arguments, as in [make, generate], found "make"',
    ],
    ['before: [[]]\n', '1:10: before.0: expected at least the program, found []'],
    ['before: [[""]]\n', '1:11: before.0.0: expected a program, found ""'],
  ])('is named with what would be right: %j', async (yaml, line) => {
    expect(await refusalOf(yaml)).toBe(`mesh.yml:${line}`)
  })

  test('a long value is cut short', async () => {
    const line = await refusalOf(`load:\n  agents: ${'x'.repeat(500)}\n`)
    expect(line).toContain('found "xxx')
    expect(line.length).toBeLessThan(150)
  })

  test.each([
    [
      'ready: 5',
      '3:12: deployments.standalone.ready: expected a path, as in /health, or keys and values, found 5',
    ],
    ['ready: { status: 20 }', '3:22: deployments.standalone.ready.status: '],
  ])('where either of two kinds would do, the closer one speaks: %s', async (yaml, line) => {
    expect(await refusalOf(`deployments:\n  standalone:\n    ${yaml}\n`)).toContain(`mesh.yml:${line}`)
  })

  test('a key of the wrong form is named where the key stands', async () => {
    expect(await refusalOf('go:\n  compilers:\n    Linux: zig cc\n')).toBe(
      'mesh.yml:3:5: go.compilers.Linux: "Linux" is not allowed as a name',
    )
    expect(await refusalOf('go:\n  commands: { "a b": ./x }\n')).toBe(
      'mesh.yml:2:15: go.commands.a b: "a b" is not allowed as a name',
    )
  })

  test('an unknown placeholder is named with those that exist', async () => {
    expect(await refusalOf('python:\n  commands: [[make, "--port={prot}"]]\n')).toBe(
      `mesh.yml:2:21: python.commands.0.1: unknown placeholder {prot}; ${PLACEHOLDERS}, found "--port={prot}"`,
    )
  })

  test('what runs before anything is known knows no placeholders', async () => {
    const { config } = await projectWith('before: [[echo, "{url}", "{prot}"]]\n')
    expect(config.before).toEqual([['echo', '{url}', '{prot}']])
  })

  test('a path with a control character is refused', async () => {
    expect(await refusalOf('go: { output: "bin\\n::warning::x" }\n')).toMatch(/without control characters/)
  })

  test('braces that name no placeholder are left alone', async () => {
    const { config } = await projectWith(
      'python: { commands: [[curl, "{url}/x", "{}", "{1,2}", "{\\"a\\": 1}"]] }\n',
    )
    expect(config.python.commands).toEqual([['curl', '{url}/x', '{}', '{1,2}', '{"a": 1}']])
  })
})

describe('several mistakes', () => {
  test('the first in the order of the file is told, with how many more there are', async () => {
    const yaml = 'load:\n  agents: none\ngo:\n  cgo: 1\n  platfroms: []\n'
    expect(await refusalOf(yaml)).toBe(
      'mesh.yml:2:11: load.agents: expected a whole number, found "none" (and 2 more)',
    )
  })

  test('in one line the first column is told, and the count comes after what would be right', async () => {
    expect(await refusalOf('go: { platfroms: [], cgo: 1 }\n')).toBe(
      'mesh.yml:1:7: unknown key "platfroms" in go; did you mean "platforms"? (and 1 more)',
    )
  })
})
