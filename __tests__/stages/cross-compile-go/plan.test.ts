import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadProject, type Project } from '../../../src/project/load.ts'
import { ConfigurationError } from '../../../src/result/configuration-error.ts'
import { planCommands, planPlatforms } from '../../../src/stages/cross-compile-go/plan.ts'
import { writeFiles } from '../../support/go-module.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HOST = 'linux/amd64'
const BUILDABLE = [
  ...[
    'aix/ppc64',
    'darwin/amd64',
    'darwin/arm64',
    'freebsd/amd64',
    'linux/386',
    'linux/amd64',
    'linux/arm64',
  ],
  ...['linux/riscv64', 'windows/amd64', 'windows/arm64'],
]
const toolchain = { version: 'go1.26.1', host: HOST, module: 'example.com/mesh' }

/** A project whose `go` holds these keys, with the folders of its commands. */
async function planned<T>(
  go: object,
  plan: (project: Project) => T,
  folders: readonly string[] = [],
): Promise<T> {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, {
    'mesh.yml': JSON.stringify({ go }, null, 2),
    ...Object.fromEntries(folders.map((name) => [`${name}/main.go`, 'package main\n'])),
  })
  return plan(loadProject({ directory: folder.path }))
}

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.oneLine
    throw error
  }
  throw new Error('was not refused')
}

describe('which commands are built', () => {
  const go = { commands: { registry: './cmd/mesh-registry', cli: 'cmd/mesh' } }
  const folders = ['cmd/mesh-registry', 'cmd/mesh']

  test('all of mesh.yml in their order, with the names that Go gives their programs', async () => {
    const commands = await planned(go, (project) => planCommands(project, toolchain), folders)
    expect(commands).toEqual([
      { name: 'registry', package: './cmd/mesh-registry', program: 'mesh-registry' },
      { name: 'cli', package: './cmd/mesh', program: 'mesh' },
    ])
  })

  test('only those that were asked for', async () => {
    const commands = await planned(go, (project) => planCommands(project, toolchain, ['cli']), folders)
    expect(commands.map(({ name }) => name)).toEqual(['cli'])
  })

  test.each([
    ['regestry', 'no command "regestry" in go.commands; did you mean registry?'],
    ['toString', 'no command "toString" in go.commands; there are registry, cli'],
  ])('a name that mesh.yml lacks is refused: %s', async (name, line) => {
    await planned(
      go,
      (project) => expect(refusal(() => planCommands(project, toolchain, [name]))).toBe(line),
      folders,
    )
  })

  test('a folder that is missing, or is a file, is refused at its place in mesh.yml', async () => {
    await planned(
      { commands: { registry: './cmd/mesh-registry', cli: './cmd/mesh/main.go' } },
      (project) => {
        expect(refusal(() => planCommands(project, toolchain, ['registry']))).toMatch(
          /mesh\.yml:4:19: go\.commands\.registry: no folder cmd\/mesh-registry in the project$/,
        )
        expect(refusal(() => planCommands(project, toolchain, ['cli']))).toMatch(
          /mesh\.yml:5:14: go\.commands\.cli: no folder cmd\/mesh\/main\.go in the project$/,
        )
      },
      ['cmd/mesh'],
    )
  })

  test('a size limit of no command is refused at its place, with the name that was meant', async () => {
    await planned(
      { ...go, 'size-limits': { regestry: '1MB' } },
      (project) =>
        expect(refusal(() => planCommands(project, toolchain, ['cli']))).toMatch(
          /mesh\.yml:8:19: go\.size-limits: no command "regestry" in go\.commands; did you mean registry\?$/,
        ),
      folders,
    )
  })

  test('two folders of one name would be one file, and are refused', async () => {
    await planned(
      { commands: { registry: './registry/cmd/mesh', cli: './cli/cmd/mesh' } },
      (project) =>
        expect(refusal(() => planCommands(project, toolchain))).toBe(
          'go.commands: two commands would be built as mesh',
        ),
      ['registry/cmd/mesh', 'cli/cmd/mesh'],
    )
  })

  test('a mesh without commands has nothing to build', async () => {
    await planned({ commands: {} }, (project) =>
      expect(refusal(() => planCommands(project, toolchain))).toMatch(/nothing to build/),
    )
  })

  test.each([
    ['.', 'example.com/mesh', 'mesh'],
    ['.', 'example.com/mesh/v2', 'mesh'],
    ['.', 'example.com/mesh/v10', 'mesh'],
    ['cmd/mesh/v2', 'example.com/tools', 'mesh'],
    ['cmd/mesh/v1', 'example.com/tools', 'v1'],
    ['cmd/vault', 'example.com/tools/v3', 'vault'],
    ['./cmd/mesh/', 'example.com/tools', 'mesh'],
  ])('the program of %s in module %s is called %s', async (path, module, program) => {
    const commands = await planned(
      { commands: { cli: path } },
      (project) => planCommands(project, { ...toolchain, module }),
      [path],
    )
    expect(commands[0]?.program).toBe(program)
  })
})

describe('which platforms are built', () => {
  test("the machine's own is built as well, once", async () => {
    const of = (platforms: string[]) =>
      planned({ platforms }, (project) => planPlatforms(project, HOST, BUILDABLE))
    expect(await of(['darwin/arm64', 'windows/amd64'])).toEqual(['darwin/arm64', 'windows/amd64', HOST])
    expect(await of([HOST, 'darwin/arm64', HOST])).toEqual([HOST, 'darwin/arm64'])
  })

  test.each([
    ['linux/amd46', 'did you mean linux/amd64?'],
    ['linux/motorola68', 'there are linux/386, linux/amd64, linux/arm64, linux/riscv64'],
    ['beos/ppc', 'there are aix/ppc64, darwin/amd64,'],
  ])('%s is refused at its place, with the ones it may have been', async (platform, fix) => {
    await planned({ platforms: ['linux/amd64', platform] }, (project) => {
      const line = refusal(() => planPlatforms(project, HOST, BUILDABLE))
      expect(line).toContain(`mesh.yml:5:7: go.platforms: this Go cannot build for ${platform}; ${fix}`)
    })
  })

  test('cgo for a foreign platform needs a compiler for it; the machine has its own', async () => {
    const platforms = ['linux/arm64', 'windows/amd64']
    const compilers = { 'linux/arm64': 'zig cc -target aarch64-linux-gnu.2.28' }
    await planned({ cgo: true, platforms, compilers }, (project) =>
      expect(refusal(() => planPlatforms(project, HOST, BUILDABLE))).toMatch(
        /mesh\.yml:3:12: go\.cgo is true, but go\.compilers has no C compiler for windows\/amd64;/,
      ),
    )
    await planned({ cgo: true, platforms: ['linux/arm64'], compilers }, (project) =>
      expect(planPlatforms(project, HOST, BUILDABLE)).toEqual(['linux/arm64', HOST]),
    )
  })

  test('a compiler for a platform that is none is refused at its place', async () => {
    await planned({ compilers: { 'linux/amd46': 'gcc' } }, (project) =>
      expect(refusal(() => planPlatforms(project, HOST, BUILDABLE))).toMatch(
        /mesh\.yml:4:22: go\.compilers: this Go cannot build for linux\/amd46; did you mean linux\/amd64\?$/,
      ),
    )
  })

  test('the parts of any list are together the list, and no platform is in two of them', async () => {
    await planned({}, (project) => {
      const platforms = fc.uniqueArray(fc.constantFrom(...BUILDABLE), { minLength: 1 })
      fc.assert(
        fc.property(platforms, fc.nat(), (chosen, seed) => {
          const of = {
            ...project,
            config: { ...project.config, go: { ...project.config.go, platforms: chosen } },
          }
          const all = planPlatforms(of, HOST, BUILDABLE)
          const total = 1 + (seed % all.length)
          const parts = Array.from({ length: total }, (_, at) =>
            planPlatforms(of, HOST, BUILDABLE, { index: at + 1, total }),
          )
          expect(parts.flat().sort()).toEqual([...all].sort())
          const sizes = parts.map((part) => part.length)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        }),
      )
    })
  })

  test('more parts than platforms would leave one empty, and it is refused', async () => {
    await planned({ platforms: [HOST, 'darwin/arm64'] }, (project) => {
      expect(planPlatforms(project, HOST, BUILDABLE, { index: 2, total: 3 })).toEqual(['darwin/arm64'])
      expect(refusal(() => planPlatforms(project, HOST, BUILDABLE, { index: 3, total: 3 }))).toBe(
        'shard 3/3 is empty: there are 2 platforms; use at most 2 shards',
      )
    })
  })
})
