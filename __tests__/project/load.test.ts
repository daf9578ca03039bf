import { symlinkSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { loadProject } from '../../src/project/load.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { folderWith, projectWith, refusalOf } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a project without mesh.yml', () => {
  test("has the seed's layout", async () => {
    const { config } = await projectWith()
    expect(config.go).toMatchObject({
      directory: '.',
      version: 'go.mod',
      commands: { registry: './cmd/mcp-mesh-registry', cli: './cmd/mcp-mesh-dev' },
      platforms: ['linux/amd64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'],
      output: 'bin',
      cgo: false,
      compilers: {},
      ldflags: '-s -w',
      tags: [],
      'size-limits': {},
      tests: ['./...'],
    })
    expect(config.before).toEqual([])
    expect(config.python.packages).toEqual(['packages/mcp_mesh', 'packages/mcp_mesh_runtime'])
    expect(config.preserve.baseline).toBe('mesh.baseline')
    expect(config.deployments.standalone).toMatchObject({ run: ['{registry}'], port: 0, timeout: 30_000 })
    expect(config.deployments.embedded.run).toEqual(['{cli}', 'start', '--registry-only'])
    expect(config.docker.images.registry).toMatchObject({ 'size-limit': 50 * 1024 ** 2, port: 8080 })
    expect(config.load).toMatchObject({
      agents: 50,
      requests: 1000,
      gates: { speedup: 10, 'memory-ratio': 0.5, 'memory-limit': 50 * 1024 ** 2 },
    })
  })

  test('is the same as one with an empty file', async () => {
    expect((await projectWith('')).config).toEqual((await projectWith()).config)
    expect((await projectWith('version: 1\n')).config).toEqual((await projectWith()).config)
  })

  test('has no places', async () => {
    expect((await projectWith()).place(['go', 'output'])).toBeUndefined()
  })
})

describe('what the file says', () => {
  test('stands in for its key alone', async () => {
    const { config } = await projectWith('go:\n  output: build\n')
    const defaults = (await projectWith()).config
    expect(config).toEqual({ ...defaults, go: { ...defaults.go, output: 'build' } })
  })

  test.each([
    ['1.20', '1.20'],
    ['1.24', '1.24'],
    ['1.24.x', '1.24.x'],
    ['"1.30"', '1.30'],
    ['2', '2'],
  ])('the version %s is read as it was written', async (written, version) => {
    const { config } = await projectWith(`go: { version: ${written} }\npython: { version: ${written} }\n`)
    expect(config.go.version).toBe(version)
    expect(config.python.version).toBe(version)
  })

  test('durations are milliseconds, sizes bytes, ratios numbers however they were written', async () => {
    const { config } = await projectWith(
      [
        'deployments: { standalone: { timeout: 1.5m } }',
        'go: { size-limits: { registry: 40MB, cli: 40MiB } }',
        'load: { gates: { speedup: 2.50, memory-ratio: .5 } }',
      ].join('\n'),
    )
    expect(config.deployments.standalone.timeout).toBe(90_000)
    expect(config.go['size-limits']).toEqual({ registry: 40_000_000, cli: 41_943_040 })
    expect(config.load.gates).toMatchObject({ speedup: 2.5, 'memory-ratio': 0.5 })
  })

  test('words of a command are text, whatever YAML made of them', async () => {
    const { config } = await projectWith('before: [[make, -j, 4, 1.20, true]]\n')
    expect(config.before).toEqual([['make', '-j', '4', '1.20', 'true']])
  })

  test('a value has its place', async () => {
    const project = await projectWith('go:\n  output: build\n')
    expect(project.place(['go', 'output'])).toMatchObject({ line: 2, column: 11 })
  })
})

describe('paths in the file', () => {
  test.each([
    ['/etc', 'expected a path relative to the project'],
    ['C:\\x', 'expected a path relative to the project'],
    ['\\\\host\\x', 'expected a path relative to the project'],
    ['../x', 'expected a path inside the project, without ..'],
    ['a/../../x', 'expected a path inside the project, without ..'],
    ['a\\..\\x', 'expected a path inside the project, without ..'],
  ])('%s is refused', async (path, why) => {
    const line = await refusalOf(`go:\n  output: '${path}'\n`)
    expect(line).toBe(`mesh.yml:2:11: go.output: ${why}, found ${JSON.stringify(path)}`)
  })

  test('a symbolic link out of the project is refused', async () => {
    await using folder = await folderWith({ 'mesh.yml': 'go:\n  output: link/bin\n' })
    symlinkSync('/', join(folder.path, 'link'))
    expect(() => loadProject({ directory: folder.path })).toThrow(
      'go.output: expected a path inside the project; a symbolic link leads out of it, found "link/bin"',
    )
  })

  test('are resolved against the project and never out of it', async () => {
    await using folder = await folderWith({ 'mesh.yml': '' })
    const project = loadProject({ directory: folder.path })
    expect(project.resolve('go', 'bin')).toBe(join(folder.path, 'go/bin'))
    expect(() => project.resolve('go', '../..', 'x')).toThrow(ConfigurationError)
  })
})

describe('what the user gives wins over the file', () => {
  const platforms = (value: unknown) => [{ path: ['go', 'platforms'], value, from: 'input "platforms"' }]

  test('over a file without the key, and over none', async () => {
    for (const yaml of ['go: { platforms: [windows/amd64] }\n', 'version: 1\n', undefined]) {
      const { config } = await projectWith(yaml, platforms(['linux/arm64']))
      expect(config.go.platforms).toEqual(['linux/arm64'])
      expect(config.go.output).toBe('bin')
    }
  })

  test('a mistake in it is named as the user gave it, and has no place in the file', async () => {
    const line = await refusalOf('go: { platforms: [linux/amd64] }\n', platforms(['linux/amd64', 'linux']))
    expect(line).toBe('input "platforms": expected GOOS/GOARCH, as in linux/amd64, found "linux"')
  })

  test('it also mends a mistake that it replaces', async () => {
    const { config } = await projectWith('go: { platforms: 5 }\n', platforms(['linux/amd64']))
    expect(config.go.platforms).toEqual(['linux/amd64'])
  })

  test('it is told before the mistakes of the file', async () => {
    const line = await refusalOf('go: { cgo: 1 }\n', platforms([]))
    expect(line).toBe('input "platforms": expected at least one platform, found [] (and 1 more)')
  })

  test('a file with something else in its way is refused for that', async () => {
    expect(await refusalOf('go: 5\n', platforms(['linux/amd64']))).toBe(
      'mesh.yml:1:5: go: expected keys and values, found 5',
    )
  })
})

describe('files and folders that are not there', () => {
  test('a project folder that does not exist, or is a file, is named', async () => {
    await using folder = await folderWith({ file: '' })
    for (const name of ['nowhere', 'file']) {
      const directory = join(folder.path, name)
      expect(() => loadProject({ directory })).toThrow(new ConfigurationError(`no folder ${directory}`))
    }
  })

  test('a project file that was asked for must exist and be a file', async () => {
    await using folder = await folderWith({ 'sub/other.yml': 'go: { output: build }\n' })
    const load = (file: string) => loadProject({ directory: folder.path, file })
    expect(load('sub/other.yml').config.go.output).toBe('build')
    expect(() => load('other.yml')).toThrow(/^no file other\.yml in mesh-actions-test-/)
    expect(() => load('sub')).toThrow(/^sub in mesh-actions-test-.* is no file$/)
  })
})

describe('which file is the project file', () => {
  test.each(['../mesh.yml', '/etc/passwd'])('%s is outside of the project and not read', async (file) => {
    await using folder = await temporaryFolder()
    expect(() => loadProject({ directory: folder.path, file })).toThrow(
      `the project file ${file} is outside of the project`,
    )
  })

  test('a mesh.yaml is not passed over in silence', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'mesh.yaml'), 'go: { output: out }\n')
    expect(() => loadProject({ directory: folder.path })).toThrow('mesh.yaml is not read')
  })

  test('a value that an input brought is known by the input, not by a line of the file', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'mesh.yml'), 'go:\n  platforms: [linux/amd64]\n  output: out\n')
    const overrides = [{ path: ['go', 'platforms'], value: ['darwin/arm64'], from: '--platforms' }]
    const project = loadProject({ directory: folder.path, overrides })
    expect(project.place(['go', 'platforms', 0])).toBeUndefined()
    expect(project.label(['go', 'platforms', 0])).toBe('--platforms')
    expect(project.place(['go', 'output'])).toMatchObject({ line: 3 })
    expect(project.label(['go', 'output'])).toBe('go.output')
  })
})
