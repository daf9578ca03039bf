import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { fetchBinaries, partsOf } from '../../src/actions/binaries.ts'
import crossCompileGo from '../../src/actions/cross-compile-go.ts'
import downloadBinaries from '../../src/actions/download-binaries.ts'
import { folderArtifacts } from '../../src/platform/artifacts/folder.ts'
import { keepResult, prepareOut } from '../../src/platform/out-folder.ts'
import { loadProject } from '../../src/project/load.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { acceptBinaries } from '../../src/stages/cross-compile-go/accept.ts'
import { readManifest } from '../../src/stages/cross-compile-go/manifest-file.ts'
import { BARE_PLACE } from '../support/actions.ts'
import { FOREIGN, goMesh, HOST, HOST_ID, type Mesh, moduleIn } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { COMMIT, stageContext } from '../support/stage-context.ts'

const BASE = 'mesh-cross-compile-go'

function refusal(names: readonly string[]): string {
  try {
    partsOf(BASE, names)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.oneLine
    throw error
  }
  throw new Error('was not refused')
}

describe('which artifacts hold the binaries of a run', () => {
  test('the one that was made whole', () => {
    expect(partsOf(BASE, ['mesh-other', BASE, `${BASE}-report`])).toEqual([BASE])
  })

  test('all parts, in any order, among those of others', () => {
    const names = [`${BASE}-2-of-3`, 'mesh-x-cross-compile-go-1-of-2', `${BASE}-3-of-3`, `${BASE}-1-of-3`]
    expect([...partsOf(BASE, names)].sort()).toEqual([1, 2, 3].map((index) => `${BASE}-${index}-of-3`))
  })

  test('none is refused, with what would bring one', () => {
    expect(refusal([])).toMatch(/^this run has no artifact mesh-cross-compile-go; let a job .* end before/)
    expect(refusal([`${BASE}-1-of-x`, 'mesh-x-cross-compile-go'])).toMatch(/has no artifact/)
  })

  test('a part that is missing is named, with what would bring it', () => {
    expect(refusal([`${BASE}-1-of-3`, `${BASE}-3-of-3`])).toBe(
      `the artifacts ${BASE}-* are not the whole build: part 2/3 is missing; let the jobs of all parts end well before this one (needs:)`,
    )
  })

  test('parts of two divisions do not make a whole, even where one of them is complete', () => {
    expect(refusal([`${BASE}-3-of-3`, `${BASE}-1-of-2`, `${BASE}-2-of-2`])).toMatch(
      /different wholes: 3\/3, 1\/2, 2\/2;/,
    )
  })
})

/** What an action gets, with artifacts in a folder as under act. */
function context(mesh: Mesh, base: string, commit = COMMIT) {
  return {
    project: loadProject({ directory: mesh.directory }),
    stage: stageContext(mesh.temporary, { commit }),
    artifacts: folderArtifacts(base, 'run'),
    place: BARE_PLACE,
    logs: '/nowhere',
    out: '/nowhere',
    forgivesInconclusive: false,
    artifactName: (stage: string, shard?: string) =>
      `mesh-${stage}${shard ? `-${shard.replace('/', '-of-')}` : ''}`,
  }
}

/** Runs the action for the parts of a mesh as jobs of their own would, each uploading what it gave. */
async function buildParts(mesh: Mesh, base: string, total: number): Promise<void> {
  for (let index = 1; index <= total; index++) {
    const given = context(mesh, base)
    const { files = [], result } = await crossCompileGo.run({
      ...given,
      inputs: {
        ...{ platforms: undefined, commands: undefined, version: '1.2.3', ldflags: undefined },
        ...{ tags: undefined, reproducible: false, previous: undefined, shard: { index, total } },
      },
    })
    expect(result?.verdict).toBe('pass')
    if (!result) throw new Error('no result')
    const kept = await keepResult(await prepareOut(given.project, undefined), result)
    // Artifacts lose the executable bit on the way.
    for (const file of files) await chmod(file, 0o644)
    await given.artifacts.upload(`${BASE}-${index}-of-${total}`, [...files, kept], mesh.directory)
    await rm(join(mesh.directory, '.mesh'), { recursive: true })
    await rm(join(mesh.directory, 'services/go/bin'), { recursive: true })
  }
}

async function builtInParts(): Promise<Mesh & { readonly base: string }> {
  const mesh = await goMesh({
    go: { directory: 'services/go', platforms: [HOST, FOREIGN] },
    files: moduleIn('services/go'),
  })
  const base = join(mesh.directory, '..', 'artifacts')
  await mkdir(base)
  await buildParts(mesh, base, 2)
  return { ...mesh, base }
}

describeWith(['go'])('binaries that earlier jobs built', () => {
  test('come back whole from their parts, executable, with a manifest of all', async () => {
    await using mesh = await builtInParts()
    const { outputs } = await downloadBinaries.run({ ...context(mesh, mesh.base), inputs: {} })
    const folder = join(mesh.directory, 'services/go/bin')
    const manifest = await acceptBinaries(folder, COMMIT)
    expect(manifest).toMatchObject({ version: '1.2.3', commit: COMMIT })
    expect(manifest.binaries.map(({ path }) => path).sort()).toEqual(
      [
        ...[`mcp-mesh-dev-${HOST_ID}`, `mcp-mesh-registry-${HOST_ID}`],
        ...['mcp-mesh-dev-windows-amd64.exe', 'mcp-mesh-registry-windows-amd64.exe'],
      ].sort(),
    )
    expect((await stat(join(folder, `mcp-mesh-dev-${HOST_ID}`))).mode & 0o111).toBe(0o111)
    expect((await readFile(join(folder, 'SHA256SUMS'), 'utf8')).match(/\n/g)).toHaveLength(4)
    expect(outputs.binaries).toContainEqual({
      path: `services/go/bin/mcp-mesh-dev-${HOST_ID}`,
      platform: HOST,
      'size-bytes': expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await readdir(mesh.temporary)).toEqual([])
  })

  test.each(['fail', 'inconclusive'])(
    'of a build that came to %s are refused with its cause',
    async (verdict) => {
      await using mesh = await builtInParts()
      const result = join(mesh.base, 'run', `${BASE}-1-of-2`, '.mesh/results/cross-compile-go-1-of-2.json')
      const found = JSON.parse(await readFile(result, 'utf8'))
      const checks = [{ id: 'built/x', title: 'x is built', verdict, detail: 'it is not' }]
      await writeFile(result, JSON.stringify({ ...found, verdict, checks }))
      await expect(fetchBinaries(context(mesh, mesh.base))).rejects.toThrow(
        `the binaries of ${BASE}-1-of-2 are not proven: cross-compile-go is ${verdict}: x is built: it is not`,
      )
      await rm(result)
      await expect(fetchBinaries(context(mesh, mesh.base))).rejects.toThrow('holds no result')
    },
  )

  test('whose result was damaged are refused in one line with the name of the file', async () => {
    await using mesh = await builtInParts()
    const file = '.mesh/results/cross-compile-go-2-of-2.json'
    const result = join(mesh.base, 'run', `${BASE}-2-of-2`, file)
    const text = await readFile(result, 'utf8')
    const refused = async (damaged: string) => {
      await writeFile(result, damaged)
      const error = await fetchBinaries(context(mesh, mesh.base)).catch((thrown: unknown) => thrown)
      if (!(error instanceof ConfigurationError)) throw error
      return error.oneLine
    }
    const again = 'run cross-compile-go again, which replaces it'
    expect(await refused(text.slice(0, text.length / 2))).toBe(
      `${BASE}-2-of-2/${file} cannot be believed: it is no JSON; ${again}`,
    )
    expect(await refused('{"schema":2}')).toMatch(
      /^mesh-cross-compile-go-2-of-2\/\S+ cannot be believed: it is no result of a stage: schema: .*; run /,
    )
  })

  test('of another commit, or changed on the way, are refused, and nothing of them is put in place', async () => {
    await using mesh = await builtInParts()
    await expect(fetchBinaries(context(mesh, mesh.base, 'f'.repeat(40)))).rejects.toThrow(
      `are of commit ${COMMIT}, not of`,
    )
    const part = join(mesh.base, 'run', `${BASE}-2-of-2`, 'services/go/bin')
    const [first] = (await readManifest(join(part, 'binaries.json'))).binaries
    await writeFile(join(part, first?.path ?? ''), 'another program')
    await expect(fetchBinaries(context(mesh, mesh.base))).rejects.toThrow('is not the file that was built')
    expect(await readdir(join(mesh.directory, 'services/go'))).not.toContain('bin')
    expect(await readdir(mesh.temporary)).toEqual([])
  })

  test('of which a part is missing are refused', async () => {
    await using mesh = await builtInParts()
    await rm(join(mesh.base, 'run', `${BASE}-1-of-2`), { recursive: true })
    await expect(fetchBinaries(context(mesh, mesh.base))).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `the artifacts ${BASE}-* are not the whole build: part 1/2 is missing`,
    })
  })
})
