import { describe, expect, test } from '@jest/globals'
import type { Layer, LayerFile } from '../../../src/stages/docker-smoke/archive.ts'
import { allFiles, resolved, visibleFiles } from '../../../src/stages/docker-smoke/file-system.ts'

const file = (path: string, more: Partial<LayerFile> = {}): LayerFile => ({
  path,
  ...{ type: 'file', mode: 0o644, sizeBytes: 1, head: Buffer.alloc(0), link: undefined, sha256: undefined },
  ...more,
})

const layer = (...files: readonly (string | LayerFile)[]): Layer => ({
  uncompressedBytes: 1024,
  compressedBytes: 100,
  files: files.map((one) => (typeof one === 'string' ? file(one) : one)),
})

/** What is seen, each with the number of its layer. */
const seen = (...layers: readonly Layer[]) =>
  visibleFiles(layers)
    .map(({ path, layer: number }) => `${path} ${number}`)
    .sort()

describe('a container sees', () => {
  test('the files of all layers, of one path the highest', () => {
    expect(seen(layer('/a', '/b'), layer('/b', '/c'))).toEqual(['/a 0', '/b 1', '/c 1'])
  })

  test('nothing that a higher layer deleted, nor what lay in a deleted folder', () => {
    const lower = layer('/keys', '/keys/id_rsa', '/keys-of-others', '/a')
    expect(seen(lower, layer('/.wh.keys'))).toEqual(['/a 0', '/keys-of-others 0'])
  })

  test('what was deleted and made again', () => {
    expect(seen(layer('/a/one', '/a/two'), layer('/a/.wh.one'), layer('/a/one'))).toEqual([
      '/a/one 2',
      '/a/two 0',
    ])
  })

  test('a file of the same layer as the deletion, in whichever order they come', () => {
    const lower = layer('/a', '/a/old')
    expect(seen(lower, layer('/.wh.a', '/a', '/a/new'))).toEqual(['/a 1', '/a/new 1'])
    expect(seen(lower, layer('/a', '/a/new', '/.wh.a'))).toEqual(['/a 1', '/a/new 1'])
  })

  test('of an opaque folder only what its own layer and those above have in it', () => {
    const lower = layer('/a', '/a/old', '/a/deep/old', '/b')
    expect(seen(lower, layer('/a/.wh..wh..opq', '/a/new'), layer('/a/newer'))).toEqual([
      '/a 0',
      '/a/new 1',
      '/a/newer 2',
      '/b 0',
    ])
  })

  test('nothing of below when the root itself is opaque', () => {
    expect(seen(layer('/a', '/b/c'), layer('/.wh..wh..opq', '/d'))).toEqual(['/d 1'])
  })

  test('no marks of deletion', () => {
    expect(seen(layer('/.wh.never-there', '/a'))).toEqual(['/a 0'])
  })
})

test('who has the image has the hidden and deleted files too', () => {
  const layers = [layer('/.env', '/a'), layer('/.wh..env', '/a')]
  expect(allFiles(layers).map(({ path, layer: number }) => `${path} ${number}`)).toEqual([
    '/.env 0',
    '/a 0',
    '/a 1',
  ])
})

describe('a path', () => {
  const link = (path: string, target: string) => file(path, { type: 'symlink', link: target })
  const at = (path: string, ...files: readonly (string | LayerFile)[]) =>
    resolved(new Map(visibleFiles([layer(...files)]).map((one) => [one.path, one])), path)?.path

  test('leads to its file, also through links in any part of it', () => {
    expect(at('/bin/sh', '/bin/sh')).toBe('/bin/sh')
    expect(at('/bin/sh', link('/bin', 'usr/bin'), link('/usr/bin/sh', 'dash'), '/usr/bin/dash')).toBe(
      '/usr/bin/dash',
    )
    expect(at('/lib64/ld.so', link('/lib64', '/usr/lib64'), '/usr/lib64/ld.so')).toBe('/usr/lib64/ld.so')
  })

  test('leads nowhere when it is not there, or its links go round', () => {
    expect(at('/bin/sh', '/bin/ls')).toBeUndefined()
    expect(at('/bin/sh', link('/bin/sh', 'gone'))).toBeUndefined()
    expect(at('/a', link('/a', 'b'), link('/b', 'a'))).toBeUndefined()
  })
})
