import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  isRange,
  matches,
  newestFirst,
  parseVersion,
} from '../../../../src/stages/setup-mesh-toolchain/python/version.ts'

const number = fc.integer({ min: 0, max: 99 })

describe('a version of Python that is asked for', () => {
  test.each([
    ['3.11', [3, 11]],
    ['3.11.7', [3, 11, 7]],
    ['3.11.x', [3, 11]],
    ['3.x', [3]],
    ['3', [3]],
    [' 3.9 ', [3, 9]],
  ])('%p fixes %p', (written, numbers) => {
    expect(parseVersion(written)).toMatchObject({ numbers, prerelease: '' })
  })

  test.each(['', '2.7', '4', '3.11.7.1', '3.x.7', 'v3.11', '3.1x', '3.11-dev', '3.12rc1', 'system', '3..1'])(
    '%p is none',
    (written) => {
      expect(parseVersion(written)).toBeUndefined()
    },
  )

  test('means every version that begins as it does, and no other', () => {
    fc.assert(
      fc.property(number, number, number, (minor, patch, other) => {
        const version = `3.${minor}.${patch}`
        for (const written of ['3.x', `3.${minor}`, `3.${minor}.x`, version]) {
          const pattern = parseVersion(written)
          expect(pattern && matches(pattern, version)).toBe(true)
          expect(pattern && matches(pattern, `3.${minor + 1}.${patch}`)).toBe(written === '3.x')
          expect(pattern && isRange(pattern)).toBe(written !== version)
        }
        const pinned = parseVersion(`3.${minor}.${other}`)
        expect(pinned && matches(pinned, version)).toBe(other === patch)
      }),
    )
  })

  test('means a pre-release only when it names it', () => {
    const [minor, candidate] = [parseVersion('3.14'), parseVersion('3.14.0rc1')]
    expect(minor && matches(minor, '3.14.0rc1')).toBe(false)
    expect(candidate && matches(candidate, '3.14.0rc1')).toBe(true)
  })

  test('sorts by number, the newest first, a release before its candidates', () => {
    expect(['3.9.18', '3.14.0rc2', '3.10.0', '3.14.0', '3.14.0rc10', '3.11.7'].sort(newestFirst)).toEqual([
      '3.14.0',
      '3.14.0rc10',
      '3.14.0rc2',
      '3.11.7',
      '3.10.0',
      '3.9.18',
    ])
  })
})
