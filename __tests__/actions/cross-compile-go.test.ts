import { access } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, test } from '@jest/globals'
import crossCompileGo from '../../src/actions/cross-compile-go.ts'
import { noArtifacts } from '../../src/platform/artifacts/none.ts'
import { loadProject } from '../../src/project/load.ts'
import { readManifest } from '../../src/stages/cross-compile-go/manifest-file.ts'
import { BARE_PLACE } from '../support/actions.ts'
import { goMesh, HOST, HOST_ID, type Mesh } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { stageContext } from '../support/stage-context.ts'

function performed(
  mesh: Mesh,
  inputs: { readonly commands?: readonly string[]; readonly previous?: string } = {},
) {
  return crossCompileGo.run({
    project: loadProject({ directory: mesh.directory }),
    stage: stageContext(mesh.temporary),
    artifacts: noArtifacts('none in this test', () => undefined),
    place: BARE_PLACE,
    logs: '/nowhere',
    out: '/nowhere',
    forgivesInconclusive: false,
    artifactName: (stage) => stage,
    inputs: {
      ...{ platforms: undefined, commands: undefined, shard: undefined, version: undefined },
      ...{ ldflags: undefined, tags: undefined, reproducible: false, previous: undefined },
      ...inputs,
    },
  })
}

describeWith(['go'])('the action cross-compile-go', () => {
  test('gives each binary with path, platform, size and hash, their sum, and the file of checksums', async () => {
    await using mesh = await goMesh({ go: { output: 'dist/go' } })
    const { outputs } = await performed(mesh)
    const { binaries } = await readManifest(join(mesh.directory, 'dist/go/binaries.json'))
    expect(outputs.binaries).toEqual(
      ['mcp-mesh-registry', 'mcp-mesh-dev'].map((program, index) => ({
        path: `dist/go/${program}-${HOST_ID}`,
        platform: HOST,
        'size-bytes': binaries[index]?.sizeBytes,
        sha256: binaries[index]?.sha256,
      })),
    )
    expect(outputs.totalBytes).toBe((binaries[0]?.sizeBytes ?? 0) + (binaries[1]?.sizeBytes ?? 0))
    expect(outputs.totalBytes).toBeGreaterThan(100_000)
    expect(outputs.checksumsFile).toBe('dist/go/SHA256SUMS')
  })

  test('hands over the binaries and what proves them, all of which exist', async () => {
    await using mesh = await goMesh()
    const { files = [] } = await performed(mesh, { commands: ['cli'] })
    for (const file of files) await access(file)
    expect(files.map((file) => relative(mesh.directory, file))).toEqual([
      `bin/mcp-mesh-dev-${HOST_ID}`,
      'bin/binaries.json',
      'bin/SHA256SUMS',
      'bin/sbom.cdx.json',
    ])
  })

  test('hands over the manifest of nothing, with a red result, when nothing could be built', async () => {
    await using mesh = await goMesh({ files: { 'internal/shared/shared.go': 'package shared\n' } })
    const { files = [], outputs, result, details } = await performed(mesh)
    expect(result?.verdict).toBe('fail')
    for (const file of files) await access(file)
    expect(files).toHaveLength(3)
    expect(outputs).toMatchObject({ binaries: [], totalBytes: 0 })
    expect(details).toBe('')
  })

  test('shows in the summary how sizes changed against an earlier build', async () => {
    await using mesh = await goMesh()
    await performed(mesh)
    const { details } = await performed(mesh, { previous: 'bin/binaries.json' })
    expect(details?.split('\n')).toHaveLength(4)
    expect(details).toMatch(/\| mcp-mesh-dev-\S+ \| \S+ \| \d\S* MiB \| none \|/)
  })
})
