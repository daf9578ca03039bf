import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { environmentWith } from '../../support/environment.ts'
import { goMesh, HOST, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf, verdicts } from '../../support/stage-context.ts'
import { ROOT } from '../../support/suite.ts'
import { laterEnvironment, setUp } from './job.ts'

const ANOTHER = '1.25.3'

/** What may stay from run to run: toolchains that were fetched. */
const KEPT = join(ROOT, 'node_modules', '.cache', 'toolchain')

const goVersionOf = (file: string) => execFileSync('go', ['version', '-m', file], { encoding: 'utf8' })

describeWith(['go'])('setting Go up', () => {
  test('asking for another version builds with that version, as the binary says', async () => {
    await using mesh = await goMesh()
    const { setup } = await setUp(mesh, { goVersion: ANOTHER, userCache: KEPT })
    expect(checkOf(setup.result, 'go')).toMatchObject({
      verdict: 'pass',
      detail: `${ANOTHER} from module proxy`,
    })
    using _later = environmentWith(laterEnvironment(setup))
    const built = await mesh.compile()
    expect(built.verdict).toBe('pass')
    const file = join(mesh.directory, 'bin', `mcp-mesh-registry-${HOST_ID}`)
    expect(goVersionOf(file).split('\n')[0]).toBe(`${file}: go${ANOTHER}`)
  })

  test.each([
    ['go.mod', undefined, 'auto'],
    ['go.mod', 'go1.5', 'auto'],
    ['go.mod', 'local', 'local'],
    [undefined, 'go1.5', 'auto'],
  ])(
    'for go-version %s the later steps, whose GOTOOLCHAIN is %s, get %s and build',
    async (goVersion, set, get) => {
      await using mesh = await goMesh()
      using _before = environmentWith({ GOTOOLCHAIN: set })
      const { setup } = await setUp(mesh, goVersion === undefined ? {} : { goVersion })
      expect(setup.variables.GOTOOLCHAIN).toBe(get)
      using _later = environmentWith(laterEnvironment(setup))
      expect(execFileSync('go', ['version'], { encoding: 'utf8', cwd: mesh.directory })).toContain(
        `go${setup.result.data.go?.version} `,
      )
    },
  )

  test('a toolchain line that is newer than the first Go on PATH is what the later steps run', async () => {
    await using mesh = await goMesh()
    const { version } = (await setUp(mesh)).setup.result.data.go ?? {}
    await mesh.write({ 'go.mod': `module example.com/mesh\n\ngo 1.24\n\ntoolchain go${version}\n` })
    const older = await setUp(mesh, { goVersion: ANOTHER, userCache: KEPT })
    using _older = environmentWith(laterEnvironment(older.setup))
    const { setup } = await setUp(mesh, { userCache: KEPT })
    using _later = environmentWith(laterEnvironment(setup))
    const asked = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', cwd: mesh.directory })
    expect(asked.trim()).toBe(`go${version}`)
  })

  test("another Go's GOROOT in the environment does not lead the found one astray", async () => {
    await using mesh = await goMesh()
    const own = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim()
    const foreign = join(mesh.temporary, 'goroot')
    await mkdir(foreign)
    using _before = environmentWith({ GOROOT: foreign })
    const { setup } = await setUp(mesh)
    expect(setup.variables.GOROOT).toBe(own)
    using _later = environmentWith(laterEnvironment(setup))
    expect((await mesh.compile()).verdict).toBe('pass')
  })

  test('stable is inconclusive where nobody says which Go is the newest', async () => {
    await using mesh = await goMesh()
    using _offline = environmentWith({ GOPROXY: 'off', HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '' })
    const { setup } = await setUp(mesh, { goVersion: 'stable' })
    expect(checkOf(setup.result, 'go')).toMatchObject({
      verdict: 'inconclusive',
      detail: expect.stringMatching(/nobody says which Go is the newest: .*; taking the newest that is here/),
      fix: 'ask for a version instead',
    })
    expect(setup.result.verdict).toBe('inconclusive')
  })

  test('without a cache service there are no caches to speak of', async () => {
    await using mesh = await goMesh({ go: { platforms: [HOST, 'windows/amd64'] } })
    const { setup } = await setUp(mesh)
    expect(verdicts(setup.result)).toEqual({ go: 'pass' })
    expect(setup).toMatchObject({ buildCaches: undefined, saveable: [] })
  })
})
