import { describe, expect, test } from '@jest/globals'
import { sizeTable } from '../../../src/stages/cross-compile-go/details.ts'
import type { Binary } from '../../../src/stages/cross-compile-go/manifest.ts'

const MIB = 1024 ** 2

function binary(path: string, sizeBytes: number, previousSizeBytes?: number): Binary {
  return {
    command: path,
    path,
    platform: 'linux/amd64',
    sizeBytes,
    sha256: '0123456789abcdef'.repeat(4),
    ...(previousSizeBytes === undefined ? {} : { previousSizeBytes }),
    goVersion: 'go1.26.1',
    package: 'example.com/mesh',
    modules: [],
  }
}

describe('the table of binaries', () => {
  test('shows sizes and hashes, and no changes where there is nothing to compare with', () => {
    const lines = sizeTable([binary('mesh_registry', 3 * MIB)]).split('\n')
    expect(lines).toEqual([
      '| binary | platform | size | SHA-256 |',
      '| --- | --- | --- | --- |',
      '| mesh\\_registry | linux/amd64 | 3.0 MiB | `0123456789abcdef` |',
    ])
  })

  test('shows what grew, what shrank, what stayed and what is new', () => {
    const lines = sizeTable([
      binary('grown', 3 * MIB, 2 * MIB),
      binary('shrunk', 2 * MIB, 3 * MIB),
      binary('same', MIB, MIB),
      binary('added', MIB),
    ]).split('\n')
    expect(lines[0]).toBe('| binary | platform | size | change | SHA-256 |')
    expect(lines.slice(2).map((line) => line.split(' | ')[3])).toEqual([
      '+1.0 MiB',
      '-1.0 MiB',
      'none',
      'new',
    ])
  })

  test('is left out when nothing was built', () => {
    expect(sizeTable([])).toBe('')
  })
})
