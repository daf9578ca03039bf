import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { cached, fakeGo, machine, program } from './machine.ts'

const inside = (folder: string, lines: readonly string[]) => lines.map((line) => line.replaceAll(folder, '~'))

test('a Go on PATH that serves is taken as it is', async () => {
  await using host = await machine({ path: ['1.99.1'] })
  expect(await host.find('1.99')).toEqual({
    version: '1.99.1',
    executable: join(host.folder, 'path-0', 'go'),
    addToPath: undefined,
    where: 'PATH',
    passedOver: [],
  })
  expect(inside(host.folder, host.lines)).toEqual(['Go 1.99.1 from PATH: ~/path-0/go'])
})

test('a newer Go on PATH serves a go.mod, but not a range or an exact version', async () => {
  await using host = await machine({ path: ['1.99.1'] })
  await writeFile(join(host.folder, 'go.mod'), 'module m\n\ngo 1.24\n')
  expect(await host.find('go.mod')).toMatchObject({ version: '1.99.1', where: 'PATH' })
  await expect(host.find('1.24')).rejects.toThrow('is 1.99.1, not of 1.24')
  await expect(host.find('1.99.0')).rejects.toThrow('is 1.99.1, not 1.99.0')
})

test('a second Go on PATH is taken when the first does not serve, and its folder is to come first', async () => {
  await using host = await machine({ path: ['1.98.0', '1.99.1'] })
  expect(await host.find('1.99')).toMatchObject({
    version: '1.99.1',
    addToPath: join(host.folder, 'path-1'),
    passedOver: [`PATH: ${join(host.folder, 'path-0', 'go')} is 1.98.0, not of 1.99`],
  })
})

test('a Go that would switch to another one is asked for its own version', async () => {
  await using host = await machine({ path: ['1.1.0'] })
  await program(
    join(host.folder, 'path-0', 'go'),
    '#!/bin/sh\n[ "$GOTOOLCHAIN" = local ] && echo "go version go1.98.0 any/any" || echo "go version go1.99.1 any/any"\n',
  )
  await expect(host.find('1.99.1')).rejects.toThrow('is 1.98.0, not 1.99.1')
})

test.each([
  [
    'fails',
    '#!/bin/sh\necho "cannot find GOROOT ##[error]x" >&2; exit 2\n',
    /does not run: cannot find GOROOT ## \[error\]x \(exit code 2\)/,
  ],
  ['says nothing', '', /does not say its version/],
  ['says something else', '#!/bin/sh\necho gccgo 4\n', /says gccgo 4/],
  [
    'is a development version',
    '#!/bin/sh\necho go version devel go1.99-abc any/any\n',
    /says go version devel/,
  ],
  ['has no interpreter', '#!/nowhere/sh\n', /does not start: cannot run/],
])('a broken go on PATH that %s is passed over with its reason', async (_, script, reason) => {
  await using host = await machine({ path: ['1.1.0'] })
  await program(join(host.folder, 'path-0', 'go'), script)
  const directory = await cached(host.places.toolCache, '1.99.1')
  const found = await host.find('1.99')
  expect(found).toMatchObject({ where: 'tool cache', addToPath: join(directory, 'bin') })
  expect(found.passedOver[0]).toMatch(reason)
})

test('a go on PATH that hangs is given up after its limit', async () => {
  await using host = await machine({ path: ['1.1.0'], limits: { answerMs: 300 } })
  await program(join(host.folder, 'path-0', 'go'), '#!/bin/sh\nwhile :; do :; done\n')
  await expect(host.find('1.99.1')).rejects.toThrow(/does not run: no end after \d+ ms/)
})

test('what a shell would not start is no go on PATH', async () => {
  await using host = await machine({ path: ['1.1.0', '1.99.1'] })
  const first = join(host.folder, 'path-0', 'go')
  await rm(first)
  await mkdir(first)
  expect(await host.find('1.99')).toMatchObject({ where: 'PATH', addToPath: undefined, passedOver: [] })
  await rm(first, { recursive: true })
  await symlink(join(host.folder, 'nothing'), first)
  expect(await host.find('1.99')).toMatchObject({ where: 'PATH', addToPath: undefined, passedOver: [] })
})

test('the newest of a range in the tool cache is taken, by the order of Go', async () => {
  await using host = await machine()
  for (const version of ['1.99.9', '1.99.10', '1.98.11']) await cached(host.places.toolCache, version)
  await cached(host.places.toolCache, '1.99.0-rc.11', '1.99rc11')
  expect(await host.find('1.99.x')).toMatchObject({ version: '1.99.10', where: 'tool cache' })
  expect(await host.find('1.99rc11')).toMatchObject({ version: '1.99rc11', where: 'tool cache' })
})

test('the newest of a range is taken, wherever it is', async () => {
  await using host = await machine({ path: ['1.99.1', '1.99.4'] })
  await cached(host.places.toolCache, '1.99.3')
  expect(await host.find('1.99')).toMatchObject({
    version: '1.99.4',
    addToPath: join(host.folder, 'path-1'),
    passedOver: [],
  })
  await cached(host.places.userCache, '1.99.5')
  await cached(host.places.toolCache, '1.99.6', '1.99.6', false)
  expect(await host.find('1.99.x')).toMatchObject({ version: '1.99.5', where: 'tool cache' })
  expect(host.lines.at(-2)).toMatch(/path-1.go is 1\.99\.4, older than 1\.99\.5$/)
  // Where no range is asked for, the first one serves.
  await writeFile(join(host.folder, 'go.mod'), 'module m\n\ngo 1.24\n')
  expect(await host.find('go.mod')).toMatchObject({ version: '1.99.1', where: 'PATH' })
})

test('a half-written entry, and one that is not what it says, are passed over', async () => {
  await using host = await machine()
  await cached(host.places.toolCache, '1.99.3', '1.99.3', false)
  await cached(host.places.toolCache, '1.99.2', '1.98.0')
  await cached(host.places.toolCache, '1.99.1')
  const found = await host.find('1.99')
  expect(found.version).toBe('1.99.1')
  const [halfWritten, other] = inside(host.folder, found.passedOver.slice(1))
  expect(halfWritten).toMatch(
    /^tool cache: ~\/tool-cache\/go\/1\.99\.3\/\w+ is half-written: there is no .*\.complete$/,
  )
  expect(other).toMatch(/^tool cache: .* says that it is 1\.98\.0, not 1\.99\.2$/)
})

test('without any Go and without a network there is one error with all that was tried and what would help', async () => {
  await using host = await machine({ toolCache: '/nowhere/tool-cache' })
  const error = await host.find('1.99.1').catch((thrown: unknown) => thrown)
  if (!(error instanceof ConfigurationError)) throw error
  expect(error.oneLine.replaceAll(host.folder, '~')).toMatch(
    new RegExp(
      '^found no Go for go-version "1\\.99\\.1": PATH: there is no go; ' +
        'tool cache: there is no Go in /nowhere/tool-cache and ~/user-cache; ' +
        'module proxy: there is no Go 1\\.21 or later to fetch another one with; ' +
        'archive: http://archive\\.invalid/\\?mode=json&include=all: .*archive\\.invalid; ' +
        'install Go 1\\.99\\.1, or put any Go from 1\\.21 on PATH, .*, or let this machine reach the archive$',
    ),
  )
  expect(host.lines).toHaveLength(4)
})

test('stable without anybody to ask is the newest that is here, and a warning says so', async () => {
  await using host = await machine()
  await expect(host.find('stable')).rejects.toThrow('nobody says which Go is the newest')
  await fakeGo(join(host.folder, 'tools', 'go'), '1.20.3')
  await cached(host.places.toolCache, '1.20.14')
  const doubt = expect.stringMatching(
    /nobody says which Go is the newest: .*; taking the newest that is here, 1\.20\.14/,
  )
  expect(await host.find('stable')).toMatchObject({ version: '1.20.14', where: 'tool cache', doubt })
  expect(host.lines).toContainEqual(doubt)
})

test('a Go on PATH is asked for its version as if GOROOT were its own, or else as the environment has it', async () => {
  await using host = await machine({ path: ['1.1.0'], environment: { GOROOT: '/nowhere' } })
  const go = join(host.folder, 'path-0', 'go')
  await program(go, '#!/bin/sh\n[ -z "$GOROOT" ] && echo "go version go1.99.1 any/any"\n')
  expect(await host.find('1.99')).toMatchObject({ executable: go })
  await program(go, '#!/bin/sh\n[ -n "$GOROOT" ] && echo "go version go1.99.2 any/any"\n')
  expect(await host.find('1.99')).toMatchObject({ version: '1.99.2', executable: go })
})

test('an aborted search ends with the reason, in the middle of a question', async () => {
  const abort = new AbortController()
  await using host = await machine({ path: ['1.1.0'], signal: abort.signal })
  const go = join(host.folder, 'path-0', 'go')
  await program(go, '#!/bin/sh\nwhile :; do :; done\n')
  const search = host.find('1.99.1')
  setImmediate(() => abort.abort(new Error('cancelled')))
  await expect(search).rejects.toThrow('cancelled')
})
