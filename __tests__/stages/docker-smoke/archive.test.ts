import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type ImageArchive, readArchive } from '../../../src/stages/docker-smoke/archive.ts'
import { testImages } from '../../support/docker.ts'
import { describeWith } from '../../support/needs.ts'
import { filesTar, type TarEntry, tarOf } from '../../support/tar.ts'

const CONFIG = { architecture: 'amd64', os: 'linux', config: { User: '65532', Entrypoint: ['/registry'] } }
const ELF = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), randomBytes(9_000)])

/** What a registry would store of a layer. */
const gzipSize = (tar: Buffer) => gzipSync(tar).length

/** Reads an archive in pieces that end anywhere, as a pipe brings them. */
function read(archive: Buffer, piece = 700): Promise<ImageArchive> {
  const pieces = Array.from({ length: Math.ceil(archive.length / piece) }, (_, index) =>
    archive.subarray(index * piece, (index + 1) * piece),
  )
  return readArchive(Readable.from(pieces))
}

const manifest = (layers: readonly string[], config = 'config.json'): TarEntry => ({
  name: 'manifest.json',
  content: JSON.stringify([{ Config: config, RepoTags: ['registry:test'], Layers: layers }]),
})
const config = (name = 'config.json'): TarEntry => ({ name, content: JSON.stringify(CONFIG) })

describe('an archive of an image', () => {
  test('in the classic layout gives the configuration and every file of every layer, lowest first', async () => {
    const lower = await tarOf([
      { name: 'data/', type: 'directory', mode: 0o1777 },
      { name: 'data/notes', mode: 0o640, content: 'notes' },
    ])
    const upper = await tarOf([
      { name: './registry', mode: 0o755, content: ELF },
      { name: 'latest', type: 'symlink', linkname: 'registry' },
    ])
    const archive = await read(
      await tarOf([
        { name: 'aa/', type: 'directory' },
        { name: 'aa/VERSION', content: '1.0' },
        { name: 'aa/json', content: '{}' },
        { name: 'aa/layer.tar', content: lower },
        { name: 'bb/layer.tar', content: upper },
        config(),
        manifest(['aa/layer.tar', 'bb/layer.tar']),
        { name: 'repositories', content: '{}' },
      ]),
    )
    expect(archive.config).toEqual(CONFIG)
    expect(archive.layers.map(({ files }) => files)).toMatchObject([
      [
        { path: '/data', type: 'directory', mode: 0o1777, sizeBytes: 0 },
        { path: '/data/notes', type: 'file', mode: 0o640, sizeBytes: 5, head: Buffer.from('notes') },
      ],
      [
        { path: '/registry', type: 'file', mode: 0o755, sizeBytes: ELF.length, head: ELF.subarray(0, 4096) },
        { path: '/latest', type: 'symlink' },
      ],
    ])
    expect(archive.layers.map((layer) => layer.uncompressedBytes)).toEqual([lower.length, upper.length])
  })

  test('in the layout of OCI gives the same, whatever the blobs are called', async () => {
    const tar = await filesTar({ registry: ELF })
    const archive = await read(
      await tarOf([
        { name: 'blobs/', type: 'directory' },
        { name: 'blobs/sha256/', type: 'directory' },
        { name: 'blobs/sha256/11', content: gzipSync(tar) },
        { name: 'blobs/sha256/22', content: JSON.stringify(CONFIG) },
        { name: 'index.json', content: '{"schemaVersion":2}' },
        manifest(['blobs/sha256/11'], 'blobs/sha256/22'),
        { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
      ]),
    )
    expect(archive.config).toEqual(CONFIG)
    expect(archive.layers[0]?.files).toMatchObject([{ path: '/registry', sizeBytes: ELF.length }])
    expect(archive.layers[0]?.uncompressedBytes).toBe(tar.length)
  })

  test('weighs a layer the same, packed or plain', async () => {
    const tar = await filesTar({ text: 'mesh '.repeat(100_000), noise: randomBytes(300_000) })
    const archive = await read(
      await tarOf([
        { name: 'plain', content: tar },
        { name: 'packed', content: gzipSync(tar) },
        config(),
        manifest(['plain', 'packed']),
      ]),
      10_000,
    )
    const [plain, packed] = archive.layers
    expect(plain?.uncompressedBytes).toBe(tar.length)
    expect(packed?.uncompressedBytes).toBe(tar.length)
    expect(packed?.compressedBytes).toBe(gzipSize(tar))
    // Another level or another cut of the input may cost a little.
    expect(Math.abs((plain?.compressedBytes ?? 0) - gzipSize(tar))).toBeLessThan(gzipSize(tar) / 100)
  })

  test('gives the hash of an executable, and of nothing else', async () => {
    const tar = await filesTar({ registry: ELF, script: '#!/bin/sh\n', empty: '' })
    const archive = await read(await tarOf([{ name: 'l', content: tar }, config(), manifest(['l'])]))
    expect(archive.layers[0]?.files.map(({ path, sha256 }) => [path, sha256])).toEqual([
      ['/registry', createHash('sha256').update(ELF).digest('hex')],
      ['/script', undefined],
      ['/empty', undefined],
    ])
  })

  test('with a layer that is a link to another has it twice', async () => {
    const archive = await read(
      await tarOf([
        { name: 'aa/layer.tar', content: await filesTar({ one: 'one' }) },
        { name: 'bb/layer.tar', type: 'symlink', linkname: '../aa/layer.tar' },
        config(),
        manifest(['aa/layer.tar', 'bb/layer.tar']),
      ]),
    )
    expect(archive.layers.map(({ files }) => files.map(({ path }) => path))).toEqual([['/one'], ['/one']])
  })

  test('with an empty layer has a layer without files', async () => {
    const archive = await read(
      await tarOf([{ name: 'empty', content: Buffer.alloc(1024) }, config(), manifest(['empty'])]),
    )
    expect(archive.layers).toMatchObject([{ uncompressedBytes: 1024, files: [] }])
  })

  test('without a manifest is none', async () => {
    await expect(read(await filesTar({ 'some.txt': 'text' }))).rejects.toThrow('it has no manifest.json')
    await expect(read(await filesTar({}))).rejects.toThrow('it has no manifest.json')
  })

  test('that lacks a layer is none, and the layer is named', async () => {
    await expect(read(await tarOf([config(), manifest(['aa/layer.tar'])]))).rejects.toThrow(
      'its layer aa/layer.tar is not in it',
    )
  })

  test('that ends too early is refused, wherever it does', async () => {
    const noise = await filesTar({ noise: randomBytes(50_000) })
    const around = async (layer: Buffer) =>
      tarOf([{ name: 'layer', content: layer }, config(), manifest(['layer'])])
    const whole = await around(noise)
    await expect(read(whole.subarray(0, 300))).rejects.toThrow(/unexpected end/i)
    await expect(read(whole.subarray(0, 20_000))).rejects.toThrow(/unexpected end/i)
    await expect(read(await around(noise.subarray(0, 20_000)))).rejects.toThrow(/unexpected end/i)
    await expect(read(await around(gzipSync(noise).subarray(0, 20_000)))).rejects.toThrow(/unexpected end/i)
  })

  test('that is no tar at all is refused', async () => {
    await expect(read(Buffer.from('no such image\n'.repeat(1000)))).rejects.toThrow(/tar/i)
  })
})

describeWith(['docker'])('docker save', () => {
  const images = testImages()
  afterAll(async () => images[Symbol.asyncDispose]())

  test('gives an archive with what was built', async () => {
    const image = await images.build(
      'FROM scratch\nCOPY one /one\nCOPY two /folder/\nENV FAULT=none\nUSER 65532:65532\nENTRYPOINT ["/one"]\n',
      { one: 'first', two: 'second' },
    )
    const saved = spawn('docker', ['save', image], { stdio: ['ignore', 'pipe', 'inherit'] })
    const archive = await readArchive(saved.stdout)
    expect(archive.config).toMatchObject({
      os: 'linux',
      config: { User: '65532:65532', Entrypoint: ['/one'], Env: expect.arrayContaining(['FAULT=none']) },
    })
    expect(archive.layers.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['/one'],
      ['/folder', '/folder/two'],
    ])
    expect(archive.layers[1]?.files[1]).toMatchObject({ sizeBytes: 6, head: Buffer.from('second') })
    expect(archive.config.history?.filter((step) => !step.empty_layer)).toHaveLength(2)
  })
})
