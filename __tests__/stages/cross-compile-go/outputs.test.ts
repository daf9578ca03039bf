import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { acceptBinaries } from '../../../src/stages/cross-compile-go/accept.ts'
import { sha256 } from '../../../src/stages/cross-compile-go/hash.ts'
import { checksumsFile } from '../../../src/stages/cross-compile-go/index.ts'
import { manifestSchema } from '../../../src/stages/cross-compile-go/manifest.ts'
import { FOREIGN, goMesh, HOST, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { COMMIT, checkOf } from '../../support/stage-context.ts'

describeWith(['go', 'sha256sum'])('what the stage leaves in go.output', () => {
  test('the binaries, executable, with a manifest and checksums that are true of them', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST, FOREIGN] } })
    const result = await mesh.compile({ version: '1.2.3' })
    const folder = join(mesh.directory, 'bin')
    const manifest = manifestSchema.parse(JSON.parse(await mesh.read('bin/binaries.json')))
    expect(manifest).toMatchObject({ commit: COMMIT, version: '1.2.3' })
    expect(manifest.binaries).toEqual(result.data.binaries)
    expect(manifest.binaries).toHaveLength(4)
    for (const binary of manifest.binaries) {
      const bytes = await readFile(join(folder, binary.path))
      expect(binary).toMatchObject({
        sizeBytes: bytes.length,
        sha256: sha256(bytes),
        goVersion: result.tools.go,
        package: `example.com/mesh/cmd/${binary.command === 'cli' ? 'mcp-mesh-dev' : 'mcp-mesh-registry'}`,
        modules: [],
      })
      expect((await stat(join(folder, binary.path))).mode & 0o111).toBe(0o111)
    }
    expect(checksumsFile(result.data)).toBe('bin/SHA256SUMS')
    const { stdout } = await promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: folder,
    })
    expect(stdout.match(/: OK$/gm)).toHaveLength(4)
    expect(JSON.parse(await mesh.read('bin/sbom.cdx.json')).components).toHaveLength(4)
    expect(await acceptBinaries(folder, COMMIT)).toEqual(manifest)
  })

  test('nothing half written, and in the manifest nothing of an earlier run that is not built any more', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST] } })
    await mesh.compile()
    const result = await mesh.compile({ commands: ['cli'] })
    const manifest = JSON.parse(await mesh.read('bin/binaries.json'))
    expect(manifest.binaries.map(({ command }: { command: string }) => command)).toEqual(['cli'])
    expect(await mesh.read('bin/SHA256SUMS')).toBe(
      `${result.data.binaries[0]?.sha256}  mcp-mesh-dev-${HOST_ID}\n`,
    )
    expect((await readdir(join(mesh.directory, 'bin'))).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('the names of the modules that were linked in', async () => {
    await using mesh = await goMesh({
      files: {
        'go.mod':
          'module example.com/mesh\n\ngo 1.24\n\nrequire example.com/dep v1.2.3\n\nreplace example.com/dep => ./dep\n',
        'dep/go.mod': 'module example.com/dep\n\ngo 1.24\n',
        'dep/dep.go': 'package dep\n\nfunc Do() {}\n',
        'cmd/mcp-mesh-dev/main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { dep.Do() }\n',
      },
    })
    const { data } = await mesh.compile()
    expect(data.binaries.map(({ command, modules }) => [command, modules])).toEqual([
      ['registry', []],
      ['cli', [{ path: 'example.com/dep', version: '(devel)' }]],
    ])
    const { dependencies } = JSON.parse(await mesh.read('bin/sbom.cdx.json'))
    expect(dependencies).toContainEqual({
      ref: `mcp-mesh-dev-${HOST_ID}`,
      dependsOn: ['example.com/dep@(devel)'],
    })
  })
})

describeWith(['go'])('the size of the binaries', () => {
  test('is red for the command that is above its limit, and for no other', async () => {
    await using mesh = await goMesh({ go: { 'size-limits': { registry: '10kB', cli: '100MiB' } } })
    const result = await mesh.compile()
    const size = result.data.binaries.find(({ command }) => command === 'registry')?.sizeBytes
    expect(checkOf(result, `size/registry/${HOST_ID}`)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^\d.* 9\.8 KiB$/),
      measured: { value: size, unit: 'bytes' },
      limit: { kind: 'at-most', value: 10_000, unit: 'bytes' },
    })
    expect(checkOf(result, `size/cli/${HOST_ID}`).verdict).toBe('pass')
    expect(result.verdict).toBe('fail')
  })

  test('may be exactly its limit', async () => {
    await using mesh = await goMesh()
    const [registry] = (await mesh.compile({ commands: ['registry'] })).data.binaries
    const limited = (bytes: number) =>
      mesh.compile({ commands: ['registry'] }, {}, [
        { path: ['go', 'size-limits'], value: { registry: `${bytes}B` }, from: 'test' },
      ])
    const bytes = registry?.sizeBytes ?? 0
    expect(bytes).toBeGreaterThan(0)
    expect((await limited(bytes)).verdict).toBe('pass')
    expect((await limited(bytes - 1)).verdict).toBe('fail')
  })

  test('is held against that of an earlier build, where this has one', async () => {
    await using mesh = await goMesh()
    const first = await mesh.compile({ commands: ['registry'] })
    const second = await mesh.compile({ previous: 'bin/binaries.json' })
    expect(
      second.data.binaries.map(({ command, previousSizeBytes }) => [command, previousSizeBytes]),
    ).toEqual([
      ['registry', first.data.binaries[0]?.sizeBytes],
      ['cli', undefined],
    ])
  })
})
