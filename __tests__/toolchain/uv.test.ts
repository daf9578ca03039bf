import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { LIMITS } from '../../src/toolchain/limits.ts'
import { findUv } from '../../src/toolchain/uv.ts'
import { UV_REQUIREMENTS, UV_VERSION } from '../../src/toolchain/uv-release.ts'
import { describeWith } from '../support/needs.ts'
import { indexServer, machinePython, program, pythonPlaces, useIndex } from '../support/python.ts'

describe('uv on PATH', () => {
  test('is taken as it is', async () => {
    await using places = await pythonPlaces('')
    const executable = join(places.folder, 'bin', 'uv')
    await program(executable, 'echo "uv 0.9.1 (abc 2026-01-01)"')
    expect((await findUv(places, [])).found).toMatchObject({ version: '0.9.1', executable, where: 'PATH' })
  })

  test.each([
    ['is too old', 'echo "uv 0.4.30"', /is 0\.4\.30, older than 0\.7$/],
    ['is broken', 'echo no libc >&2; exit 1', /exit code 1 \(no libc\)$/],
    ['is something else', 'echo hello', /is no uv/],
  ])('that %s is passed over', async (_, script, reason) => {
    await using places = await pythonPlaces('')
    await program(join(places.folder, 'bin', 'uv'), script)
    expect(await findUv(places, [])).toEqual({
      found: undefined,
      passedOver: [expect.stringMatching(reason), expect.stringContaining('no Python whose pip')],
    })
  })
})

test('the pinned uv is named with hashes for all its platforms', () => {
  const hashes = UV_REQUIREMENTS.match(/--hash=sha256:[0-9a-f]{64}\b/g) ?? []
  expect(UV_REQUIREMENTS.startsWith(`uv==${UV_VERSION} \\\n`)).toBe(true)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashes.length).toBeGreaterThan(15)
})

describeWith(['python3'])('uv from PyPI', () => {
  let python = ''
  beforeAll(() => {
    python = machinePython().executable
  })

  test('is fetched by two at once, found again by a third, and made anew when it is broken', async () => {
    await using places = await pythonPlaces()
    places.environment.PATH = process.env.PATH
    const both = await Promise.all([findUv(places, [python]), findUv(places, [python])])
    for (const { found } of both) expect(found?.version).toBe(UV_VERSION)
    const executable = both[0]?.found?.executable ?? ''
    expect((await readdir(join(places.userCache, 'uv'))).length).toBe(1)
    expect((await findUv(places, [])).found).toMatchObject({ executable, where: 'cache' })

    await writeFile(executable, (await readFile(executable)).subarray(0, 1_000))
    expect((await findUv(places, [python])).found).toMatchObject({ executable, where: 'PyPI' })
    expect(await readdir(join(places.userCache, 'uv'))).toHaveLength(1)
  })

  test.each([
    ['refuses', 403, ''],
    ['has never heard of it', 404, ''],
  ])('is none where the index %s, and nothing is left behind', async (_, status, body) => {
    await using places = await pythonPlaces('')
    await using index = await indexServer((_request, response) => {
      response.writeHead(status).end(body)
    })
    useIndex(places, index.url)
    const search = await findUv(places, [python])
    expect(search.found).toBeUndefined()
    expect(search.passedOver).toEqual([expect.stringMatching(/^uv from PyPI: .*uv==/)])
    expect(await readdir(join(places.userCache, 'uv'))).toEqual([])
  })

  test('is none where the index hangs, after the time it is given', async () => {
    await using places = await pythonPlaces('')
    await using index = await indexServer(() => {})
    useIndex(places, index.url)
    const search = await findUv(places, [python], { ...LIMITS, uvMs: 1_500 })
    expect(search.passedOver).toEqual([expect.stringMatching(/^uv from PyPI: no end after /)])
    expect(await readdir(join(places.userCache, 'uv'))).toEqual([])
  })

  test('is none where the index serves another file under its name', async () => {
    await using places = await pythonPlaces('')
    const wheel = `uv-${UV_VERSION}-py3-none-any.whl`
    await using index = await indexServer((request, response) => {
      if (request.url?.endsWith('.whl')) response.end('forged')
      else response.setHeader('content-type', 'text/html').end(`<a href="/${wheel}">${wheel}</a>`)
    })
    useIndex(places, index.url)
    const search = await findUv(places, [python])
    expect(search.found).toBeUndefined()
    expect(search.passedOver[0]).toMatch(/DO NOT MATCH THE HASHES/)
  })

  test('is none for a Python without pip', async () => {
    await using places = await pythonPlaces('')
    const bare = join(places.folder, 'python3')
    await program(bare, 'echo "No module named pip" >&2; exit 1')
    expect((await findUv(places, [bare])).passedOver).toEqual([
      `uv from PyPI: ${bare} has no pip: exit code 1 (No module named pip)`,
    ])
  })
})
