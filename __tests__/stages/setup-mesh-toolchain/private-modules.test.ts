import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadAction } from '../../../src/actions/index.ts'
import { perform } from '../../../src/platform/perform.ts'
import { rememberingRunner } from '../../support/actions.ts'
import { environmentWith } from '../../support/environment.ts'
import { goMesh, type Mesh, writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { LOGIN, PASSWORD, privateGit, privateProxy, selfMade } from './go/private-host.ts'
import { type Identity, serve } from './go/servers.ts'

/** A mesh that needs a module which is not there for everybody. */
const meshWith = (module: string) =>
  goMesh({
    files: { 'go.mod': `module example.com/mesh\n\ngo 1.24\n\nrequire ${module} v1.0.0\n` },
  })

/** Sets Go up with this .netrc and without caches, as a step of a job does; everything that it said and left. */
async function setUp(mesh: Mesh, netrc: string, variables: Readonly<Record<string, string>>) {
  const modules = join(mesh.directory, '..', 'modules')
  using _environment = environmentWith({
    ...{ HOME: join(mesh.directory, '..'), NETRC: undefined, GOENV: 'off', GOPRIVATE: undefined },
    ...{ GOPROXY: 'off', GOSUMDB: 'off', GOAUTH: undefined, GOMODCACHE: modules },
    // Else the module cache could not be removed.
    ...{ GOFLAGS: '-modcacherw', NO_PROXY: '127.0.0.1', GIT_CONFIG_NOSYSTEM: '1' },
    ...variables,
  })
  const inputs: Readonly<Record<string, string>> = {
    ...{ python: 'false', install: 'false', go: 'true', cache: 'off', netrc },
  }
  const place = rememberingRunner(mesh.directory, mesh.temporary)
  const { result, cause } = await perform(
    await loadAction('setup-mesh-toolchain'),
    {
      text: (name) => inputs[name] ?? '',
      label: (name) => name,
      signal: new AbortController().signal,
    },
    place.runner,
  )
  if (!result) throw new Error('no result')
  const out = join(mesh.directory, '.mesh')
  const written = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|log)$/.test(name))
    .map((name) => readFileSync(join(out, name), 'utf8'))
  expect(written.length).toBeGreaterThanOrEqual(2)
  return {
    check: checkOf(result, 'modules'),
    cause,
    said: [...written, ...place.shown].join('\n'),
    has: (module: string) => existsSync(join(modules, `${module}@v1.0.0`, 'private.go')),
  }
}

describeWith(['go'])('modules of a server that asks for a password', () => {
  const home = temporaryFolder()
  let identity: Identity & { readonly file: string }
  beforeAll(async () => {
    identity = await selfMade(join((await home).path, 'identity'))
  })
  afterAll(async () => (await home)[Symbol.asyncDispose]())

  const line = (address: string, password = PASSWORD) =>
    `machine ${new URL(address).host} login ${LOGIN} password ${password}`
  const OTHERS = `machine elsewhere.example login ada password ${PASSWORD}`
  const WRONG = 'wr0ng-password'

  test('are fetched from a proxy with the .netrc, whose password nobody is told', async () => {
    await using proxy = await privateProxy(identity)
    await using mesh = await meshWith('example.com/private')
    const { check, said, has } = await setUp(mesh, line(proxy.address), {
      ...{ GOPROXY: proxy.address, SSL_CERT_FILE: identity.file },
    })
    expect(check).toMatchObject({ verdict: 'pass' })
    expect(has('example.com/private')).toBe(true)
    expect(said).not.toContain(PASSWORD)
  })

  test.each([
    ['of another server', () => OTHERS],
    ['with another password', (address: string) => line(address, WRONG)],
    // Go compares the port as well.
    ['without the port', (address: string) => line(address).replace(/:\d+/, '')],
  ])('are red with a .netrc %s, and the server is named in one line', async (_, netrc) => {
    await using proxy = await privateProxy(identity)
    await using mesh = await meshWith('example.com/private')
    const { check, cause, said, has } = await setUp(mesh, netrc(proxy.address), {
      ...{ GOPROXY: proxy.address, SSL_CERT_FILE: identity.file },
    })
    const { host } = new URL(proxy.address)
    expect(check.verdict).toBe('fail')
    expect(cause).toBe(
      `the Go modules are here: ${host} asked for a password, and was given none that it takes; netrc needs a line "machine ${host} login ... password ..."`,
    )
    expect(has('example.com/private')).toBe(false)
    for (const secret of [PASSWORD, WRONG]) expect(said).not.toContain(secret)
  })

  test('are red where they are asked for without HTTPS, over which Go gives no password', async () => {
    await using proxy = await privateProxy()
    await using mesh = await meshWith('example.com/private')
    const { check } = await setUp(mesh, line(proxy.address), { GOPROXY: proxy.address })
    expect(check).toMatchObject({
      verdict: 'fail',
      detail: `${new URL(proxy.address).host} asked for a password, and was given none that it takes`,
      fix: 'a password is given to https:// alone: name the server so',
    })
  })

  test('that it will not give at all are red with its answer, not with the last line of its page', async () => {
    await using proxy = await serve((response) =>
      response.writeHead(403, { 'content-type': 'text/plain' }).end('Go away.\n\nThe management\n'),
    )
    await using mesh = await meshWith('example.com/private')
    const { check } = await setUp(mesh, OTHERS, { GOPROXY: proxy.address })
    expect(check).toMatchObject({
      verdict: 'fail',
      detail: `example.com/private@v1.0.0: reading ${proxy.address}/example.com/private/@v/v1.0.0.mod: 403 Forbidden`,
    })
  })

  /** What makes git take a server on this machine for GitHub. */
  const asGitHub = (address: string) => ({
    ...{ GOPROXY: 'direct', GOPRIVATE: 'github.com', GIT_SSL_CAINFO: identity.file, GIT_CONFIG_COUNT: '1' },
    GIT_CONFIG_KEY_0: `url.${address}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/org/',
  })

  test('are fetched with git, and what git is configured to keep passwords with is not told', async () => {
    await using folder = await temporaryFolder()
    await using git = await privateGit(folder.path, 'github.com/org/private', identity)
    await using mesh = await meshWith('github.com/org/private')
    const kept = join(folder.path, 'kept')
    await writeFiles(join(mesh.directory, '..'), {
      '.gitconfig': `[credential]\n\thelper = store --file=${kept}\n`,
    })
    const { check, said, has } = await setUp(mesh, line(git.address), asGitHub(git.address))
    expect(check).toMatchObject({ verdict: 'pass' })
    expect(has('github.com/org/private')).toBe(true)
    expect(said).not.toContain(PASSWORD)
    expect(existsSync(kept)).toBe(false)
    expect(readdirSync(mesh.temporary)).toEqual([])
  })

  test.each([
    ['of another server', () => OTHERS],
    ['with another password', (address: string) => line(address, WRONG)],
  ])('are red where git asks with a .netrc %s', async (_, netrc) => {
    await using folder = await temporaryFolder()
    await using git = await privateGit(folder.path, 'github.com/org/private', identity)
    await using mesh = await meshWith('github.com/org/private')
    const { check, said } = await setUp(mesh, netrc(git.address), asGitHub(git.address))
    const { host } = new URL(git.address)
    expect(check).toMatchObject({
      verdict: 'fail',
      detail: `${host} asked for a password, and was given none that it takes`,
      fix: `netrc needs a line "machine ${host} login ... password ..."`,
    })
    for (const secret of [PASSWORD, WRONG]) expect(said).not.toContain(secret)
  })
})
