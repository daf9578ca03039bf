import { describe, expect, test } from '@jest/globals'
import { billOfMaterials } from '../../../src/stages/cross-compile-go/bill-of-materials.ts'
import type { Binary, Manifest } from '../../../src/stages/cross-compile-go/manifest.ts'

const SQLITE = { path: 'modernc.org/sqlite', version: 'v1.30.1', sum: 'h1:abc=' }
const COBRA = { path: 'github.com/spf13/cobra', version: 'v2.0.0+incompatible' }
const YAML = { path: 'gopkg.in/yaml.v3', version: 'v3.0.1' }

function binary(command: string, platform: string, modules: Binary['modules']): Binary {
  return {
    command,
    path: `${command}-${platform.replace('/', '-')}`,
    platform,
    sizeBytes: 1,
    sha256: (command === 'cli' ? 'b' : 'a').repeat(64),
    goVersion: 'go1.26.1',
    package: `example.com/mesh/cmd/${command}`,
    modules,
  }
}

const MANIFEST: Manifest = {
  schema: 1,
  commit: 'unknown',
  version: '1.2.3',
  binaries: [
    binary('registry', 'linux/amd64', [SQLITE, YAML]),
    binary('registry', 'darwin/arm64', [SQLITE, YAML]),
    binary('cli', 'linux/amd64', [COBRA, SQLITE]),
    binary('tool', 'linux/amd64', []),
  ],
}

describe('the bill of materials', () => {
  test('names every program with its hash, and every module once with its package URL', async () => {
    const bom = JSON.parse(await billOfMaterials(MANIFEST))
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' })
    const of = (type: string) => bom.components.filter((one: { type: string }) => one.type === type)
    expect(
      of('application')
        .map((one: { name: string }) => one.name)
        .sort(),
    ).toEqual(MANIFEST.binaries.map(({ path }) => path).sort())
    expect(of('application').find((one: { name: string }) => one.name === 'cli-linux-amd64')).toMatchObject({
      version: '1.2.3',
      description: 'example.com/mesh/cmd/cli for linux/amd64',
      hashes: [{ alg: 'SHA-256', content: 'b'.repeat(64) }],
    })
    expect(
      of('library')
        .map((one: { purl: string }) => one.purl)
        .sort(),
    ).toEqual([
      'pkg:golang/github.com/spf13/cobra@v2.0.0+incompatible',
      'pkg:golang/gopkg.in/yaml.v3@v3.0.1',
      'pkg:golang/modernc.org/sqlite@v1.30.1',
    ])
  })

  test('gives each program the modules that are linked into it, and no others', async () => {
    const bom = JSON.parse(await billOfMaterials(MANIFEST))
    const linked = Object.fromEntries(
      bom.dependencies.map((one: { ref: string; dependsOn?: string[] }) => [one.ref, one.dependsOn ?? []]),
    )
    expect(linked).toMatchObject({
      'registry-linux-amd64': ['gopkg.in/yaml.v3@v3.0.1', 'modernc.org/sqlite@v1.30.1'],
      'registry-darwin-arm64': ['gopkg.in/yaml.v3@v3.0.1', 'modernc.org/sqlite@v1.30.1'],
      'cli-linux-amd64': ['github.com/spf13/cobra@v2.0.0+incompatible', 'modernc.org/sqlite@v1.30.1'],
      'tool-linux-amd64': [],
    })
  })

  test('two versions of one module are two modules', async () => {
    const older = { ...SQLITE, version: 'v1.20.0' }
    const binaries = [binary('registry', 'linux/amd64', [SQLITE]), binary('cli', 'linux/amd64', [older])]
    const bom = JSON.parse(await billOfMaterials({ ...MANIFEST, binaries }))
    expect(bom.components.map((one: { purl?: string }) => one.purl)).toEqual(
      expect.arrayContaining([
        'pkg:golang/modernc.org/sqlite@v1.30.1',
        'pkg:golang/modernc.org/sqlite@v1.20.0',
      ]),
    )
  })

  test('is the same text for the same manifest, in whatever order it was built', async () => {
    const text = await billOfMaterials(MANIFEST)
    expect(await billOfMaterials(structuredClone(MANIFEST) as Manifest)).toBe(text)
    expect(await billOfMaterials({ ...MANIFEST, binaries: [...MANIFEST.binaries].reverse() })).toBe(text)
    expect(await billOfMaterials({ ...MANIFEST, version: '1.2.4' })).not.toBe(text)
  })
})
