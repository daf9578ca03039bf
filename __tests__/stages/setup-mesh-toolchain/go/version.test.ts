import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cacheName, versionOfName } from '../../../../src/stages/setup-mesh-toolchain/go/tool-cache.ts'
import {
  compareVersions,
  formatVersion,
  type GoVersion,
  parseToolchain,
  parseVersion,
} from '../../../../src/stages/setup-mesh-toolchain/go/version.ts'

/** In Go's own order; see the tests of cmd/go's internal/gover. */
const ORDERED = [
  ...[
    '1.9rc2',
    '1.9',
    '1.9.7',
    '1.10beta1',
    '1.10',
    '1.10.8',
    '1.19rc1',
    '1.19',
    '1.20rc3',
    '1.20',
    '1.20.1',
  ],
  ...[
    '1.21',
    '1.21beta1',
    '1.21rc2',
    '1.21rc10',
    '1.21.0',
    '1.21.1',
    '1.21.10',
    '1.22',
    '1.22rc1',
    '1.100.0',
  ],
]

const read = (text: string): GoVersion => {
  const version = parseVersion(text)
  if (!version) throw new Error(`${text} was not read`)
  return version
}

/** Any version as it may be written, old and new. */
const written = fc
  .tuple(
    fc.nat({ max: 40 }),
    fc.oneof(
      fc.constant(''),
      fc.nat({ max: 30 }).map((patch) => `.${patch}`),
      fc.tuple(fc.constantFrom('beta', 'rc'), fc.nat({ max: 12 })).map((parts) => parts.join('')),
    ),
  )
  .map(([minor, rest]) => `1.${minor}${rest}`)

describe("the order of Go's versions", () => {
  test('is that of Go, not of semver', () => {
    for (const [i, a] of ORDERED.entries()) {
      for (const [j, b] of ORDERED.entries()) {
        expect([a, b, Math.sign(compareVersions(read(a), read(b)))]).toEqual([a, b, Math.sign(i - j)])
      }
    }
  })

  test('is an order: the same from both sides, and nothing goes round in circles', () => {
    fc.assert(
      fc.property(written, written, written, (x, y, z) => {
        const [a, b, c] = [read(x), read(y), read(z)]
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })

  test('has two versions at one place only when Go spells them alike', () => {
    fc.assert(
      fc.property(written, written, (x, y) => {
        const [a, b] = [read(x), read(y)]
        expect(compareVersions(a, b) === 0).toBe(formatVersion(a) === formatVersion(b))
      }),
    )
  })
})

describe('how a version is spelt', () => {
  test('is kept, but for the patch 0 that no release before 1.21 had', () => {
    fc.assert(
      fc.property(written, (text) => {
        const [, minor, zero] = /^1\.(\d+)(\.0)?/.exec(text) ?? []
        expect(formatVersion(read(text))).toBe(Number(minor) < 21 && zero ? text.slice(0, -2) : text)
      }),
    )
  })

  test('in the tool cache is semver, and read back the same', () => {
    expect(['1.20', '1.20.5', '1.21.0', '1.25rc1'].map((text) => cacheName(read(text)))).toEqual([
      '1.20.0',
      '1.20.5',
      '1.21.0',
      '1.25.0-rc.1',
    ])
    fc.assert(
      fc.property(written, (text) => {
        const version = read(text)
        // A mere language version is never installed.
        fc.pre(version.patch !== undefined || version.preRelease !== undefined)
        expect(versionOfName(cacheName(version))).toEqual(version)
      }),
    )
  })

  test.each([
    '',
    '1',
    '1.',
    '01.2',
    '1.02',
    '1.2x',
    '1.24.x',
    '1.24.5rc1',
    '1.24rc',
    'v1.24',
    '1.24 ',
    '1.1e3',
  ])('%p is none', (text) => {
    expect(parseVersion(text)).toBeUndefined()
  })

  test.each([
    ['go1.24.5', '1.24.5'],
    ['go1.24.5-fips', '1.24.5'],
    ['go1.25rc1', '1.25rc1'],
  ])('of the toolchain %p it is %p', (name, text) => {
    expect(parseToolchain(name)).toEqual(read(text))
  })

  test.each(['1.24.5', 'golang', 'devel', 'go', 'go-1.27'])('%p is no toolchain', (name) => {
    expect(parseToolchain(name)).toBeUndefined()
  })

  test.each(['1.24', '1.24.5.1', 'x64', '1.25.0-alpha.1', '01.24.5', '1.24.5-rc.1'])(
    'a folder %p of the tool cache is not of Go, or of none that there is',
    (name) => {
      expect(versionOfName(name)).toBeUndefined()
    },
  )
})
