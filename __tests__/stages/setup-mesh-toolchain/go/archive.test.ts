import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { proxyFor } from '../../../../src/stages/setup-mesh-toolchain/go/proxy.ts'
import { cached, machine, program } from './machine.ts'
import { archiveServer, breakOff, serve } from './servers.ts'

const PLACE = 'archive'

/** The one line with which a search fails. */
async function refusal(search: Promise<unknown>): Promise<string> {
  const ended = await search.catch((error: unknown) => error)
  if (!(ended instanceof ConfigurationError)) throw new Error('was not refused', { cause: ended })
  return ended.oneLine
}

/** Everything in a folder and below, without what hides; empty when there is no folder. */
async function listing(folder: string): Promise<readonly string[]> {
  return readdir(folder, { recursive: true }).catch(() => [])
}

describe('the official archive', () => {
  test.each(['1.99', '1.99.x', '1.99.1', 'stable'])(
    'gives Go %s, which the next search finds',
    async (asked) => {
      await using server = await archiveServer('1.99.1')
      await using host = await machine({ archive: server.address })
      const directory = join(host.places.toolCache, 'go', '1.99.1', process.arch)
      const expected = {
        version: '1.99.1',
        executable: join(directory, 'bin', 'go'),
        addToPath: join(directory, 'bin'),
      }
      expect(await host.find(asked)).toMatchObject({ ...expected, where: PLACE })
      expect(await readFile(`${directory}.complete`, 'utf8')).toBe('')
      expect(await host.find(asked)).toMatchObject({ ...expected, where: 'tool cache' })
      // One folder of Go and its marker, and no download.
      expect(await readdir(join(directory, '..'))).toEqual([process.arch, `${process.arch}.complete`])
      expect(await readdir(host.places.temporary)).toEqual([])
    },
  )

  test('gives what a go.mod asks for, no newer', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address, path: ['1.20.1'] })
    await writeFile(join(host.folder, 'go.mod'), 'module m\n\ngo 1.99.1\n')
    expect(await host.find('go.mod')).toMatchObject({ version: '1.99.1', where: PLACE })
  })

  test.each([
    ['1.99.7', 'go-version "1.99.7": there is no such Go; the newest 1.99 there is 1.99.1'],
    ['1.123', 'go-version "1.123": there is no such Go; the newest there is 1.99.1'],
  ])('knows that %s does not exist', async (asked, line) => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find(asked))).toBe(line)
  })

  test('may have a version for other machines only', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address })
    // 1.98 as a whole minor is spelt 1.98.0 since 1.21: the list's odd one is not even a release.
    expect(await refusal(host.find('1.98'))).toContain('there is no such Go')
    expect(await refusal(host.find('1.100rc2'))).toContain('there is no such Go')
  })
})

describe('an archive that cannot be trusted', () => {
  test('with another SHA-256 is refused, and nothing of it is kept', async () => {
    await using server = await archiveServer('1.99.1', { sha256: 'a'.repeat(64) })
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find('1.99'))).toMatch(/its SHA-256 is [0-9a-f]{64}, but should be a{64}/)
    expect(await listing(host.places.toolCache)).toEqual([])
    expect(await readdir(host.places.temporary)).toEqual([])
  })

  test('that is cut short is refused', async () => {
    await using server = await archiveServer('1.99.1', {
      answer: (response, archive) => response.end(archive.subarray(0, -20)),
    })
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find('1.99'))).toMatch(/its SHA-256 is/)
  })

  test('whose Go says another version is refused, and does not look installed', async () => {
    await using server = await archiveServer('1.99.1', { says: '1.98.0' })
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find('1.99'))).toContain('says that it is 1.98.0, not 1.99.1')
    expect((await listing(host.places.toolCache)).filter((name) => name.includes(process.arch))).toEqual([])
  })

  test.each([
    ['is not JSON', '<html>', /not JSON|Unexpected token/],
    ['is no list of releases', '{"message":"no"}', /not a list of releases/],
    [
      'leads out of its folder',
      '[{"version":"go1.99.1","files":[{"filename":"../../x","os":"linux","arch":"amd64","sha256":"","kind":"archive"}]}]',
      /not a list of releases/,
    ],
  ])('because its list %s', async (_, text, reason) => {
    await using server = await serve((response) => response.end(text))
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find('1.99'))).toMatch(reason)
  })
})

describe('an archive over a bad network', () => {
  test('that breaks off once is asked again', async () => {
    await using server = await archiveServer('1.99.1', {
      answer: (response, archive, nth) => (nth === 1 ? breakOff(response, archive) : response.end(archive)),
    })
    await using host = await machine({ archive: server.address })
    expect(await host.find('1.99')).toMatchObject({ version: '1.99.1', where: PLACE })
  })

  test('that breaks off every time is asked twice', async () => {
    await using server = await archiveServer('1.99.1', { answer: breakOff })
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find('1.99'))).toContain('the connection broke, twice')
    expect(server.asked.filter((path) => path.endsWith('.tar.gz'))).toHaveLength(2)
  })

  test('that answers 404 is asked once', async () => {
    await using server = await archiveServer('1.99.1', {
      answer: (response) => response.writeHead(404).end(),
    })
    await using host = await machine({ archive: server.address })
    expect(await refusal(host.find('1.99'))).toMatch(/go1\.99\.1\..*\.tar\.gz: answers 404/)
    expect(server.asked.filter((path) => path.endsWith('.tar.gz'))).toHaveLength(1)
  })

  test('that never answers is given up', async () => {
    await using server = await serve(() => undefined)
    await using host = await machine({ archive: server.address, limits: { stallMs: 300 } })
    expect(await refusal(host.find('1.99'))).toContain('no answer within 300 ms')
  })

  test('that stops in the middle is given up', async () => {
    await using server = await archiveServer('1.99.1', {
      answer: (response, archive) => response.writeHead(200).write(archive.subarray(0, 50)),
    })
    await using host = await machine({ archive: server.address, limits: { stallMs: 300 } })
    expect(await refusal(host.find('1.99'))).toContain('nothing more came for 300 ms')
    expect(await readdir(host.places.temporary)).toEqual([])
  })

  test('that trickles for ever is given up', async () => {
    await using server = await archiveServer('1.99.1', {
      answer: (response) => {
        const trickle = setInterval(() => response.write('x'), 20)
        response.once('close', () => clearInterval(trickle))
      },
    })
    await using host = await machine({ archive: server.address, limits: { archiveMs: 400 } })
    expect(await refusal(host.find('1.99'))).toContain('not done after 400 ms')
  })

  test('ends with the reason of a cancel in the middle of a download', async () => {
    const abort = new AbortController()
    await using server = await archiveServer('1.99.1', {
      answer: (response, archive) => {
        response.writeHead(200).write(archive.subarray(0, 50), () => abort.abort(new Error('cancelled')))
      },
    })
    await using host = await machine({ archive: server.address, signal: abort.signal })
    await expect(host.find('1.99')).rejects.toThrow('cancelled')
    expect(await readdir(host.places.temporary)).toEqual([])
  })

  test.each([
    ['https://go.dev/dl', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128'],
    ['https://go.dev/dl', { https_proxy: 'proxy:3128', HTTPS_PROXY: 'http://other' }, 'http://proxy:3128'],
    ['https://go.dev/dl', { HTTP_PROXY: 'http://proxy' }, undefined],
    ['https://go.dev/dl', { HTTPS_PROXY: '' }, undefined],
    ['https://go.dev/dl', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'localhost, go.dev' }, undefined],
    ['https://dl.go.dev/x', { HTTPS_PROXY: 'http://proxy', NO_PROXY: '.go.dev' }, undefined],
    ['https://cargo.dev/x', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'go.dev' }, 'http://proxy'],
    ['https://go.dev/x', { HTTPS_PROXY: 'http://proxy', no_proxy: 'go.dev:443' }, undefined],
    ['https://go.dev:8443/x', { HTTPS_PROXY: 'http://proxy', no_proxy: 'go.dev:443' }, 'http://proxy'],
    ['http://127.0.0.1:80/x', { HTTP_PROXY: 'http://proxy', NO_PROXY: '*' }, undefined],
  ])('%s with %j goes through %p', (address, environment, proxy) => {
    expect(proxyFor(new URL(address), environment)).toBe(proxy)
  })

  test('goes through the proxy that the environment names', async () => {
    await using archive = await archiveServer('1.99.1')
    const bypassed = { HTTP_PROXY: 'http://proxy.invalid', NO_PROXY: '127.0.0.1' }
    await using direct = await machine({ archive: archive.address, environment: bypassed })
    expect(await direct.find('1.99')).toMatchObject({ where: PLACE })
    await using lost = await machine({
      archive: archive.address,
      environment: { HTTP_PROXY: 'http://proxy.invalid' },
    })
    expect(await refusal(lost.find('1.99'))).toContain('proxy.invalid')
  })
})

describe('the tool cache it is kept in', () => {
  test('may have a half-written entry, which is replaced', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address })
    const directory = await cached(host.places.toolCache, '1.99.1', '1.99.1', false)
    await writeFile(join(directory, 'left-over'), '')
    expect(await host.find('1.99')).toMatchObject({ where: PLACE, executable: join(directory, 'bin', 'go') })
    expect(await readdir(directory)).toEqual(['bin'])
    expect(await readdir(join(directory, '..'))).toEqual([process.arch, `${process.arch}.complete`])
  })

  test('may be filled by several jobs at once: all have their Go, and nothing is left over', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address })
    const directory = join(host.places.toolCache, 'go', '1.99.1', process.arch)
    const found = await Promise.all(Array.from({ length: 6 }, () => host.find('1.99')))
    expect(new Set(found.map(({ executable }) => executable))).toEqual(
      new Set([join(directory, 'bin', 'go')]),
    )
    expect(await readdir(join(directory, '..'))).toEqual([process.arch, `${process.arch}.complete`])
    expect(await readdir(directory)).toEqual(['bin'])
  })

  test('may not be writable: then the folder of the user is taken, which the next search finds', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address })
    if (process.getuid?.() === 0) {
      // No permission stops root, but a file where a folder should be does.
      await writeFile(host.places.toolCache, '')
    } else {
      await mkdir(host.places.toolCache)
      await chmod(host.places.toolCache, 0o555)
    }
    const executable = join(host.places.userCache, 'go', '1.99.1', process.arch, 'bin', 'go')
    const found = await host.find('1.99')
    expect(found).toMatchObject({ where: PLACE, executable })
    expect(found.passedOver.at(-1)).toMatch(/^archive: cannot be kept in .*tool-cache: E(ACCES|NOTDIR|EXIST)/)
    expect(await host.find('1.99')).toMatchObject({ where: 'tool cache', executable })
  })

  test('may be full, as may be the folder of the user: one error says so', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address, path: ['1.20.1'] })
    // In the stead of a full disk: what tar says of one, with half of the files written.
    await program(
      join(host.folder, 'path-0', 'tar'),
      '#!/bin/sh\n/bin/mkdir "$4/bin"; echo x >"$4/bin/go"; echo "tar: bin/go: No space left on device" >&2; exit 2\n',
    )
    const line = await refusal(host.find('1.99'))
    expect(line).toMatch(/tool-cache: tar: tar: bin\/go: No space left on device \(exit code 2\)/)
    expect(line).toMatch(/user-cache: tar: tar: bin\/go: No space left on device \(exit code 2\)/)
    expect(await readdir(join(host.places.toolCache, 'go', '1.99.1'))).toEqual([])
    expect(await readdir(join(host.places.userCache, 'go', '1.99.1'))).toEqual([])
  })

  test('needs tar', async () => {
    await using server = await archiveServer('1.99.1')
    await using host = await machine({ archive: server.address, environment: { PATH: '/nowhere' } })
    expect(await refusal(host.find('1.99'))).toContain('cannot run tar')
  })
})
