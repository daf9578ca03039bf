import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { verifiedPrograms } from '../../src/actions/programs.ts'
import { folderArtifacts } from '../../src/platform/artifacts/folder.ts'
import { keepResult, prepareOut } from '../../src/platform/out-folder.ts'
import { loadProject } from '../../src/project/load.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { BARE_PLACE } from '../support/actions.ts'
import { FOREIGN, goMesh, HOST, HOST_ID, type Mesh, moduleIn } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll } from '../support/sample.ts'
import { COMMIT, stageContext } from '../support/stage-context.ts'

const REGISTRY = `mcp-mesh-registry-${HOST_ID}`

/** A mesh with its binaries built, and what an action would take for its programs. */
async function builtMesh() {
  const mesh = await goMesh()
  const { verdict } = await mesh.compile()
  if (verdict !== 'pass') throw new Error(`not built: ${verdict}`)
  return { ...mesh, bin: join(mesh.directory, 'bin') }
}

async function programsOf(
  mesh: Mesh,
  folder?: string,
  commit = COMMIT,
  forgivesInconclusive = false,
  checkedOut?: string,
) {
  const artifacts = join(mesh.directory, '..', 'artifacts')
  await mkdir(artifacts, { recursive: true })
  return verifiedPrograms(
    {
      project: loadProject({ directory: mesh.directory }),
      stage: stageContext(mesh.temporary, { commit }),
      artifacts: folderArtifacts(artifacts, 'run'),
      place: { ...BARE_PLACE, commit: checkedOut },
      artifactName: (stage) => `mesh-${stage}`,
      out: join(mesh.directory, '.mesh'),
      forgivesInconclusive,
    },
    folder,
  )
}

/** The one line with which binaries are refused. */
async function refusalOf(...args: Parameters<typeof programsOf>): Promise<string> {
  const error = await programsOf(...args).catch((thrown: unknown) => thrown)
  if (!(error instanceof ConfigurationError)) throw error
  expect(error.oneLine).not.toContain('\n')
  return error.oneLine
}

describeWith(['go'])('the programs that a stage starts', () => {
  test('are those of this machine in go.output, or in the folder that was named', async () => {
    await using mesh = await builtMesh()
    const programs = { registry: join(mesh.bin, REGISTRY), cli: join(mesh.bin, `mcp-mesh-dev-${HOST_ID}`) }
    expect(await programsOf(mesh)).toEqual(programs)
    await rename(mesh.bin, join(mesh.directory, 'elsewhere'))
    const { registry } = await programsOf(mesh, 'elsewhere')
    expect(registry).toBe(join(mesh.directory, 'elsewhere', REGISTRY))
  })

  test('that lost their executable bit can be executed again', async () => {
    await using mesh = await builtMesh()
    await chmod(join(mesh.bin, REGISTRY), 0o644)
    const { registry = '' } = await programsOf(mesh)
    expect((await stat(registry)).mode & 0o111).toBe(0o111)
    expect(execFileSync(registry, { encoding: 'utf8' })).toBe('hello\n')
  })

  test('are refused where all are of another platform', async () => {
    await using mesh = await builtMesh()
    const manifest = join(mesh.bin, 'binaries.json')
    const text = await readFile(manifest, 'utf8')
    await writeFile(manifest, text.replaceAll(`"${HOST}"`, `"${FOREIGN}"`))
    expect(await refusalOf(mesh)).toBe(
      `none of the binaries in ${mesh.bin} is for ${HOST}, which this machine is; build them here: cross-compile-go always builds for its own machine as well`,
    )
  })

  test('are refused where one is gone', async () => {
    await using mesh = await builtMesh()
    await rm(join(mesh.bin, REGISTRY))
    expect(await refusalOf(mesh)).toBe(
      `${join(mesh.bin, REGISTRY)} is in binaries.json, but cannot be read: ENOENT`,
    )
  })

  test('are refused where one is of another commit', async () => {
    await using mesh = await builtMesh()
    const head = 'f'.repeat(40)
    expect(await refusalOf(mesh, undefined, head)).toBe(
      `the binaries in ${mesh.bin} are of commit ${COMMIT}, not of ${head}`,
    )
  })

  test('are refused where one is not what was built', async () => {
    await using mesh = await builtMesh()
    await writeFile(join(mesh.bin, REGISTRY), '#!/bin/sh\necho forged\n')
    expect(await refusalOf(mesh)).toMatch(
      /mcp-mesh-registry-\S+ is not the file that was built: SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}$/,
    )
  })

  test('are refused where the build that left them was not green, unless its doubts are forgiven', async () => {
    await using mesh = await goMesh()
    const result = await mesh.compile()
    const checks = [{ id: 'built/x', title: 'x is built', detail: 'it is not' }] as const
    const out = await prepareOut(loadProject({ directory: mesh.directory }), undefined)
    const ended = (verdict: 'fail' | 'inconclusive', commit = COMMIT) =>
      keepResult(out, {
        ...{ ...result, verdict, commit, shard: '1/2' },
        checks: checks.map((check) => ({ ...check, verdict })),
      })
    const why = (verdict: string) =>
      `the binaries in bin are not proven: cross-compile-go is ${verdict}: x is built: it is not`
    await ended('inconclusive')
    expect(await refusalOf(mesh)).toBe(why('inconclusive'))
    expect(await programsOf(mesh, undefined, COMMIT, true)).toHaveProperty('registry')
    await ended('fail')
    for (const folder of [undefined, 'bin'])
      expect(await refusalOf(mesh, folder, COMMIT, true)).toBe(why('fail'))
    // What stands there of another commit is of other binaries.
    await ended('fail', 'f'.repeat(40))
    expect(await programsOf(mesh)).toHaveProperty('registry')
  })

  test('are refused once the sources that they were built from were edited, and taken again once these are back', async () => {
    await using mesh = await goMesh({
      before: [['node', '--eval', 'require("node:fs").writeFileSync("generated.go", "package mesh")']],
      files: { '.gitignore': 'bin/\n.mesh/\n' },
    })
    execFileSync('git', ['init', '--quiet'], { cwd: mesh.directory })
    const head = commitAll(mesh.directory)
    const dirty = 'package shared\n\nconst Greeting = "dirty"\n'
    await mesh.write({ 'internal/shared/shared.go': dirty })
    await mesh.compile({}, { commit: head })
    await mesh.write({ 'agent.py': '', 'internal/shared/shared_test.go': 'package shared\n' })
    expect(await programsOf(mesh, undefined, head)).toHaveProperty('registry')
    await mesh.write({ 'internal/shared/shared.go': dirty.replace('dirty', 'edited') })
    const refused = `the binaries in ${join(mesh.directory, 'bin')} were built from other sources than those here; run cross-compile-go again`
    expect(await refusalOf(mesh, undefined, head)).toBe(refused)
    // A runner's checkout is of the commit, whatever its job generates besides.
    expect(await programsOf(mesh, undefined, head, false, head)).toHaveProperty('registry')
    await mesh.write({ 'internal/shared/shared.go': dirty })
    execFileSync('git', ['add', '--all'], { cwd: mesh.directory })
    expect(await programsOf(mesh, undefined, head)).toHaveProperty('registry')
    await mesh.write({ 'internal/shared/more.go': 'package shared\n' })
    expect(await refusalOf(mesh, undefined, head)).toBe(refused)
  })

  test('are refused once what is embedded in them, or a module beside theirs, was edited', async () => {
    await using mesh = await goMesh({
      go: { directory: 'go' },
      files: {
        ...moduleIn('go'),
        '.gitignore': 'bin/\n.mesh/\n',
        'go/go.mod':
          'module example.com/mesh\n\ngo 1.24\n\nrequire example.com/words v0.0.0\n\nreplace example.com/words => ../words\n',
        'go/internal/shared/shared.go':
          'package shared\n\nimport (\n\t_ "embed"\n\n\t"example.com/words"\n)\n\n//go:embed name.txt\nvar name string\n\nvar Greeting = words.Hello + name\n',
        'go/internal/shared/name.txt': ' you',
        'words/go.mod': 'module example.com/words\n\ngo 1.24\n',
        'words/words.go': 'package words\n\nconst Hello = "hello"\n',
      },
    })
    execFileSync('git', ['init', '--quiet'], { cwd: mesh.directory })
    const head = commitAll(mesh.directory)
    expect((await mesh.compile({}, { commit: head })).verdict).toBe('pass')
    const { registry = '' } = await programsOf(mesh, undefined, head)
    expect(execFileSync(registry, { encoding: 'utf8' })).toBe('hello you\n')
    for (const path of ['go/internal/shared/name.txt', 'words/words.go']) {
      const text = await mesh.read(path)
      await mesh.write({ [path]: text.replace('hello', 'goodbye').replace('you', 'all') })
      expect(await refusalOf(mesh, undefined, head)).toMatch(
        /were built from other sources than those here; run /,
      )
      await mesh.write({ [path]: text })
      expect(await programsOf(mesh, undefined, head)).toHaveProperty('registry')
    }
  })

  test('are refused where there are none, here or in an artifact of the run', async () => {
    await using mesh = await goMesh()
    expect(await refusalOf(mesh)).toMatch(
      /^no binaries: bin has none, and this run has no artifact mesh-cross-compile-go; let a job with /,
    )
  })

  test('are refused with a way out where the folder that was named is none of theirs', async () => {
    await using mesh = await goMesh()
    const fix = /; name the folder that cross-compile-go or download-binaries filled/
    const [gone, other] = [await refusalOf(mesh, 'nowhere'), await refusalOf(mesh, 'internal')]
    expect(gone).toMatch(/^binaries: nowhere does not exist; /)
    expect(other).toMatch(/^binaries: internal has no binaries\.json; /)
    for (const refusal of [gone, other]) expect(refusal).toMatch(fix)
  })
})
