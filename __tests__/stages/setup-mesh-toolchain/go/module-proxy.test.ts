import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { describeWith } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { cached, goEnv, type Machine, type MachineOptions, machine } from './machine.ts'
import { archiveServer, breakOff, moduleVersion, serve, toolchainZip } from './servers.ts'

const PLACE = 'module proxy'
const MODULE = 'golang.org/toolchain/@v'

/**
 * A module proxy in a folder. From such a one alone, and with GOSUMDB=off, Go takes toolchains without the checksum
 * database, which no test can sign.
 */
async function proxyFolder(versions: readonly string[]) {
  const folder = await temporaryFolder()
  const directory = join(folder.path, MODULE)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'list'), versions.map((version) => `${moduleVersion(version)}\n`).join(''))
  for (const version of versions) {
    const file = join(directory, moduleVersion(version))
    const info = { Version: moduleVersion(version), Time: '2026-01-01T00:00:00Z' }
    await writeFile(`${file}.info`, JSON.stringify(info))
    await writeFile(`${file}.mod`, 'module golang.org/toolchain\n')
    await writeFile(`${file}.zip`, toolchainZip(version))
  }
  return {
    environment: { GOPROXY: pathToFileURL(folder.path).href, GOSUMDB: 'off' },
    directory,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** A module proxy that answers a request for the zip of a toolchain like this, and knows nothing else. */
function faulty(answer: (response: ServerResponse) => unknown) {
  return serve((response, { url = '' }) => {
    if (url.endsWith('.zip')) return answer(response)
    return response.writeHead(404).end()
  })
}

async function passedOver(options: MachineOptions, asked = '1.99.1'): Promise<string> {
  await using host = await machine({ path: ['real'], ...options })
  const ended = await host.find(asked).catch((error: unknown) => error)
  if (!(ended instanceof ConfigurationError)) throw new Error('was not refused', { cause: ended })
  return host.lines.join('\n')
}

const toolchains = ({ places }: Machine) => join(places.userCache, 'go-toolchains')

describeWith(['go'])('the module proxy', () => {
  test.each([
    ['1.99', '1.99.10'],
    ['1.99.x', '1.99.10'],
    ['1.99.9', '1.99.9'],
    ['1.100rc1', '1.100rc1'],
    ['stable', '1.99.10'],
  ])('gives for %s Go %s, after PATH and tool cache', async (asked, version) => {
    await using proxy = await proxyFolder(['1.98.0', '1.99.9', '1.99.10', '1.100rc1'])
    await using host = await machine({ path: ['real'], environment: proxy.environment })
    const found = await host.find(asked)
    const directory = join(toolchains(host), 'golang.org', `toolchain@${moduleVersion(version)}`, 'bin')
    expect(found).toMatchObject({
      version,
      executable: join(directory, 'go'),
      addToPath: directory,
      where: PLACE,
    })
    expect(found.passedOver).toEqual([
      expect.stringMatching(/^PATH: .*path-0\/go is \d+\.\d+/),
      expect.stringMatching(/^tool cache: there is no Go in .* and .*/),
    ])
  })

  test.each([
    ['go 1.99', '1.99.10'],
    ['go 1.99.9', '1.99.9'],
    ['go 1.99\n\ntoolchain go1.99.8', '1.99.10'],
    ['go 1.98.1', '1.99.10'],
  ])('gives for a go.mod with %j Go %s', async (line, version) => {
    await using proxy = await proxyFolder(['1.98.0', '1.99.9', '1.99.10', '1.100.1'])
    await using host = await machine({ path: ['real'], environment: proxy.environment })
    await writeFile(join(host.folder, 'go.mod'), `module m\n\n${line}\n`)
    expect(await host.find('go.mod')).toMatchObject({ version, where: PLACE })
  })

  test("leaves the project's module cache as it was", async () => {
    await using proxy = await proxyFolder(['1.99.9'])
    await using host = await machine({ path: ['real'], environment: proxy.environment })
    for (const asked of ['1.99', 'stable', '1.99.9']) await host.find(asked)
    expect(existsSync(host.places.environment.GOMODCACHE ?? '')).toBe(false)
  })

  test('is not asked for what Go fetched into the module cache by itself', async () => {
    await using proxy = await proxyFolder(['1.99.9'])
    await using host = await machine({ path: ['real'], environment: proxy.environment })
    await host.find('1.99')
    const modules = host.places.environment.GOMODCACHE ?? ''
    await rename(toolchains(host), modules)
    await rm(proxy.directory, { recursive: true })
    expect(await host.find('1.99')).toMatchObject({
      version: '1.99.9',
      executable: expect.stringContaining(modules),
    })
  })

  test('is not asked for what it gave before', async () => {
    await using proxy = await proxyFolder(['1.99.9'])
    await using host = await machine({ path: ['real'], environment: proxy.environment })
    await host.find('1.99')
    await rm(proxy.directory, { recursive: true })
    expect(await host.find('1.99')).toMatchObject({ version: '1.99.9', where: PLACE })
  })

  test('is asked by a Go in the tool cache when PATH has none', async () => {
    await using host = await machine()
    const directory = await cached(host.places.toolCache, '1.97.0')
    await expect(host.find('1.99.1')).rejects.toThrow(
      `module proxy: go1.99.1: ${join(directory, 'bin', 'go')} does not say where it is`,
    )
  })

  test.each([
    ['GO111MODULE', 'off'],
    ['GOFLAGS', '-modcacherw -mod=vendor'],
    ['GOWORK', '/nowhere/go.work'],
    ['GOTOOLCHAIN', 'go1.5'],
  ])('gives its Go with %s=%s in the environment as well', async (name, value) => {
    await using proxy = await proxyFolder(['1.99.9'])
    const environment = { ...proxy.environment, [name]: value }
    await using host = await machine({ path: ['real'], environment })
    expect(await host.find('1.99')).toMatchObject({ version: '1.99.9', where: PLACE })
  })

  test('that has no such version is passed over with the newest that it has, for the archive', async () => {
    await using proxy = await proxyFolder(['1.99.9'])
    await using archive = await archiveServer('1.99.10')
    await using host = await machine({
      path: ['real'],
      archive: archive.address,
      environment: proxy.environment,
    })
    const found = await host.find('1.99.10')
    expect(found).toMatchObject({ version: '1.99.10', where: 'archive' })
    expect(found.passedOver.at(-1)).toBe(
      'module proxy: it has nothing for go-version "1.99.10"; the newest 1.99 there is 1.99.9',
    )
    await using other = await machine({ path: ['real'], environment: proxy.environment })
    await expect(other.find('1.99.7')).rejects.toMatchObject({
      fix: expect.stringContaining('the newest 1.99 there is 1.99.9'),
    })
  })
})

describeWith(['go'])('a module proxy that fails', () => {
  test('with 403 is passed over with its answer', async () => {
    await using proxy = await serve((response) => response.writeHead(403).end('::error::not for you'))
    const lines = await passedOver({ environment: { GOPROXY: proxy.address } })
    expect(lines).toMatch(/passed over module proxy: go1\.99\.1: .*403 Forbidden/)
    expect(lines).toMatch(/passed over module proxy: its list of versions: .*403 Forbidden/)
    expect(lines).not.toMatch(/^\s*::error::/m)
  })

  test('by hanging is given up after its limits', async () => {
    await using proxy = await serve(() => undefined)
    const limits = { moduleMs: 500, listMs: 500 }
    const lines = await passedOver({ environment: { GOPROXY: proxy.address }, limits })
    expect(lines).toMatch(/module proxy: go1\.99\.1: no end after \d+ ms/)
    expect(lines).toMatch(/module proxy: its list of versions: no end after \d+ ms/)
  })

  test('by hanging is left at once when the search is cancelled', async () => {
    const abort = new AbortController()
    await using proxy = await serve(() => abort.abort(new Error('cancelled')))
    await using host = await machine({
      path: ['real'],
      environment: { GOPROXY: proxy.address },
      signal: abort.signal,
    })
    await expect(host.find('1.99.1')).rejects.toThrow('cancelled')
  })

  test('by closing the connection midway is asked twice and then passed over', async () => {
    await using proxy = await faulty((response) => breakOff(response, toolchainZip('1.99.1')))
    const lines = await passedOver({ environment: { GOPROXY: proxy.address } })
    expect(lines).toMatch(/passed over module proxy: go1\.99\.1: .*unexpected EOF/)
    expect(proxy.asked.filter((path) => path.endsWith('.zip'))).toHaveLength(2)
  })

  test('by a truncated archive is passed over, and not asked again for the same', async () => {
    await using proxy = await faulty((response) => response.end(toolchainZip('1.99.1').subarray(0, -30)))
    const lines = await passedOver({ environment: { GOPROXY: proxy.address } })
    expect(lines).toMatch(
      /passed over module proxy: go1\.99\.1: .*(zip: not a valid zip file|verifying module)/,
    )
    expect(proxy.asked.filter((path) => path.endsWith('.zip'))).toHaveLength(1)
  })

  test('by another content than the checksum database knows is refused by Go', async () => {
    const upstream = goEnv('GOPROXY').split(/[,|]/)[0]
    await using proxy = await serve(async (response, { url = '' }) => {
      if (url.endsWith('.zip')) return response.end(toolchainZip('1.25.3'))
      if (!url.startsWith('/sumdb/')) return response.writeHead(404).end()
      const answer = await fetch(`${upstream}${url}`)
      return response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()))
    })
    const environment = { GOPROXY: proxy.address, GONOSUMDB: '*', GONOSUMCHECK: '1' }
    const lines = await passedOver({ environment }, '1.25.3')
    expect(lines).toMatch(/passed over module proxy: go1\.25\.3: .*(checksum mismatch|SECURITY ERROR)/)
    expect(proxy.asked.some((path) => /^\/sumdb\/[^/]+\/lookup\//.test(path))).toBe(true)
  })

  test('without a checksum database gives nothing: that setting is left as it is', async () => {
    await using proxy = await faulty((response) => response.end(toolchainZip('1.99.1')))
    const lines = await passedOver({ environment: { GOPROXY: proxy.address, GOSUMDB: 'off' } })
    expect(lines).toMatch(/passed over module proxy: go1\.99\.1: .*checksum database disabled by GOSUMDB=off/)
  })

  test('leaves it to the archive', async () => {
    await using proxy = await serve((response) => response.writeHead(403).end())
    await using archive = await archiveServer('1.99.1')
    await using host = await machine({
      path: ['real'],
      archive: archive.address,
      environment: { GOPROXY: proxy.address },
    })
    const found = await host.find('1.99')
    expect(found).toMatchObject({ version: '1.99.1', where: 'archive' })
    expect(found.passedOver).toHaveLength(3)
  })
})

describeWith(['go'])("this machine's own module proxy", () => {
  test('gives another real Go, which then needs no network', async () => {
    const settings = { GOPROXY: goEnv('GOPROXY'), GOSUMDB: goEnv('GOSUMDB') }
    await using host = await machine({ path: ['real'], environment: settings })
    const found = await host.find('1.25.3')
    expect(found).toMatchObject({ version: '1.25.3', where: PLACE })
    const { stdout } = await promisify(execFile)(found.executable, ['version'], {
      env: { ...host.places.environment, GOTOOLCHAIN: 'local' },
    })
    expect(stdout).toMatch(/^go version go1\.25\.3 /)

    await using offline = await machine({
      path: ['real'],
      environment: {
        ...settings,
        GOPROXY: 'off',
        GOMODCACHE: toolchains(host),
        HOME: host.places.environment.HOME,
      },
    })
    expect(await offline.find('1.25.x')).toMatchObject({ executable: found.executable, where: PLACE })
  })
})
