import { expect, test } from '@jest/globals'
import { goSlices, uvSlice } from '../../../../src/stages/setup-mesh-toolchain/caches/slices.ts'

const RUNNER = `${process.platform}-${process.arch}`
const SUMS = '[0-9a-f]{20}'

test('keys name the kind of runner and what decides on the content, behind the prefix that begins anew', () => {
  const go = { version: '1.25.3', sums: 'a h1:x\n', moduleCache: '/m', platforms: ['linux/arm64'] }
  const keys = (prefix: string) => [
    ...goSlices(prefix, go, '/b').map(({ key }) => key),
    uvSlice(prefix, '/u', '3.11.7', '[project]\n').key,
  ]
  const expected = [
    `mesh-go-modules-${RUNNER}-${SUMS}`,
    `mesh-go-build-${RUNNER}-linux-arm64-1\\.25\\.3-${SUMS}`,
    `mesh-uv-${RUNNER}-3\\.11\\.7-${SUMS}`,
  ]
  expect(keys('')).toEqual(expected.map((key) => expect.stringMatching(`^${key}$`)))
  expect(keys('second-')).toEqual(expected.map((key) => expect.stringMatching(`^second-${key}$`)))
})

test('a build cache alone serves by the beginning of its key, and never one of another prefix, runner or Go', () => {
  const go = { version: '1.25.3', sums: '', moduleCache: '/m', platforms: ['linux/arm64'] }
  const [modules, build] = goSlices('second-', go, '/b')
  expect(modules?.restoreKeys).toEqual([])
  expect(build?.restoreKeys).toEqual([`second-mesh-go-build-${RUNNER}-linux-arm64-1.25.3-`])
})
