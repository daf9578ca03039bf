import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type BuildInfo, readBuildInfo } from '../../../src/stages/cross-compile-go/build-info.ts'
import { mistakenIdentity } from '../../../src/stages/cross-compile-go/identity.ts'
import { goMesh, goWrapper, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { buildPrograms } from '../../support/programs.ts'
import { checkOf } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/386', 'darwin/arm64', 'windows/amd64'] as const
type Platform = (typeof PLATFORMS)[number]

/** Where Go's cache holds nothing of these platforms yet, its runtime is compiled for each. */
const COLD_MS = 5 * 60_000

const expected = (platform: string) => ({
  platform,
  package: 'example.com/mesh/cmd/silent',
  module: 'example.com/mesh',
  cgo: false,
})

describeWith(['go'])('what a binary is, held against what it was asked to be', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let programs: Awaited<ReturnType<typeof buildPrograms>>
  let infos: ReadonlyMap<string, BuildInfo>

  beforeAll(async () => {
    folder = await temporaryFolder()
    programs = await buildPrograms(folder.path, PLATFORMS)
    const files = [...programs.values()].map(({ file }) => file)
    infos = await readBuildInfo(files, { cwd: folder.path, signal: new AbortController().signal })
  }, COLD_MS)
  afterAll(() => folder[Symbol.asyncDispose]())

  function built(platform: Platform): { bytes: Buffer; info: BuildInfo } {
    const program = programs.get(platform)
    const info = program && infos.get(program.file)
    if (!program || !info) throw new Error(`${platform} was not built`)
    return { bytes: program.bytes, info }
  }

  test.each(PLATFORMS)('a real program for %s is what it says', (platform) => {
    const { bytes, info } = built(platform)
    expect(mistakenIdentity(bytes, info, expected(platform))).toBeUndefined()
  })

  test('no program passes for another platform', () => {
    for (const real of PLATFORMS) {
      for (const claimed of PLATFORMS) {
        const { bytes, info } = built(real)
        if (real !== claimed) expect(mistakenIdentity(bytes, info, expected(claimed))).toBeDefined()
      }
    }
  })

  test('a header of another format or machine is named, before what the file says of itself', () => {
    const { info } = built('linux/amd64')
    const held = (platform: Platform) =>
      mistakenIdentity(built(platform).bytes, info, expected('linux/amd64'))
    expect(held('windows/amd64')).toBe('a pe, not elf')
    expect(held('darwin/arm64')).toBe('a mach-o, not elf')
    expect(held('linux/arm64')).toBe('its header says arm64, not amd64')
    expect(mistakenIdentity(Buffer.from('#!/bin/sh\n'), info, expected('linux/amd64'))).toBe(
      'a file of no known program format, not elf',
    )
  })

  test('a machine that Go does not build for is not the one that was asked for', () => {
    const { bytes, info } = built('linux/amd64')
    const sparc = Buffer.from(bytes)
    sparc.writeUInt16LE(2, 18)
    expect(mistakenIdentity(sparc, info, expected('linux/amd64'))).toBe(
      'its header says another machine, not amd64',
    )
  })

  test('a machine that is not known here leaves the word to the build information', () => {
    const { bytes, info } = built('linux/amd64')
    const mips = Buffer.from(bytes)
    mips.writeUInt16LE(8, 18)
    const said = { ...info, settings: new Map([...info.settings, ['GOARCH', 'mips64le']]) }
    expect(mistakenIdentity(mips, said, expected('linux/mips64le'))).toBeUndefined()
    expect(mistakenIdentity(mips, info, expected('linux/mips64le'))).toBe('its GOARCH is amd64, not mips64le')
  })

  test('a program that Go did not build is none', () => {
    const { bytes } = built('linux/amd64')
    expect(mistakenIdentity(bytes, undefined, expected('linux/amd64'))).toBe(
      'it has no build information of Go',
    )
  })

  test.each([
    ['GOOS', { GOOS: 'freebsd' }, 'its GOOS is freebsd, not linux'],
    ['GOARCH', { GOARCH: '386' }, 'its GOARCH is 386, not amd64'],
    ['-trimpath', { '-trimpath': 'false' }, 'its -trimpath is false, not true'],
    ['-trimpath that is left out', { '-trimpath': '' }, 'its -trimpath is not there, not true'],
    ['CGO_ENABLED', { CGO_ENABLED: '1' }, 'its CGO_ENABLED is 1, not 0'],
  ])('another %s is named', (_, change, words) => {
    const { bytes, info } = built('linux/amd64')
    const settings = new Map([...info.settings, ...Object.entries(change)])
    expect(mistakenIdentity(bytes, { ...info, settings }, expected('linux/amd64'))).toBe(words)
  })

  test('another program, another module and cgo where it was asked for are named', () => {
    const { bytes, info } = built('linux/amd64')
    const held = (change: object) => mistakenIdentity(bytes, info, { ...expected('linux/amd64'), ...change })
    expect(held({ package: 'example.com/mesh/cmd/loud' })).toBe(
      'its main package is example.com/mesh/cmd/silent, not example.com/mesh/cmd/loud',
    )
    expect(held({ module: 'example.com/fork' })).toBe('its module is example.com/mesh, not example.com/fork')
    expect(held({ cgo: true })).toBe('its CGO_ENABLED is 0, not 1')
  })

  test('any bytes are held against any platform without an exception, and never found right', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...PLATFORMS), (bytes, platform) => {
        expect(mistakenIdentity(Buffer.from(bytes), undefined, expected(platform))).toBeDefined()
      }),
    )
  })
})

describeWith(['go'])('two commands of one build', () => {
  test('that were written over each other are found, by identity and by hash', async () => {
    await using mesh = await goMesh()
    await using _wrapper = await goWrapper(
      mesh.directory,
      `"$GO" "$@" || exit
[ "$1" = build ] || exit 0
while [ "$1" != -o ]; do shift; done
cp "$2/mcp-mesh-registry" "$2/mcp-mesh-dev"`,
    )
    const result = await mesh.compile()
    expect(result.verdict).toBe('fail')
    expect(checkOf(result, `identity/registry/${HOST_ID}`).verdict).toBe('pass')
    expect(checkOf(result, `identity/cli/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail:
        'its main package is example.com/mesh/cmd/mcp-mesh-registry, not example.com/mesh/cmd/mcp-mesh-dev',
    })
    expect(checkOf(result, `distinct/cli/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail: `it is the same file as mcp-mesh-registry-${HOST_ID}`,
    })
  })
})
