import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { readModule } from '../../../../src/stages/setup-mesh-toolchain/go/go-mod.ts'
import {
  type NamedRequest,
  nearby,
  onlyVersion,
  parseRequest,
  readGoRequest,
  toFetch,
  unsuited,
} from '../../../../src/stages/setup-mesh-toolchain/go/request.ts'
import { formatVersion, parseVersion } from '../../../../src/stages/setup-mesh-toolchain/go/version.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const versions = (text: string) => text.split(' ').flatMap((one) => parseVersion(one) ?? [])
const THERE = versions('1.20 1.20.14 1.23.9 1.24.0 1.24.2 1.24.10 1.25rc1 1.25.0 1.25.3 1.26.0 1.27rc1')

const ofModule = (text: string) => readModule(`module m\n\n${text}\n`, 'go.mod')

function named(written: string): NamedRequest {
  const request = written.startsWith('go ') ? ofModule(written.replace('; ', '\n')) : parseRequest(written)
  if (request.kind === 'stable') throw new Error('stable names no version')
  return request
}

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.oneLine
    throw error
  }
  throw new Error('was not refused')
}

describe('which Go serves', () => {
  test.each([
    ['1.24', '1.24.0 1.24.2 1.24.10'],
    ['1.24.x', '1.24.0 1.24.2 1.24.10'],
    ['1.20', '1.20 1.20.14'],
    ['1.24.2', '1.24.2'],
    ['1.25', '1.25.0 1.25.3'],
    ['1.25rc1', '1.25rc1'],
    ['1.20.0', '1.20'],
    ['go 1.24', '1.24.0 1.24.2 1.24.10 1.25.0 1.25.3 1.26.0'],
    ['go 1.24.2', '1.24.2 1.24.10 1.25.0 1.25.3 1.26.0'],
    ['go 1.24; toolchain go1.25.3', '1.25.3 1.26.0'],
    ['go 1.25rc1', '1.25rc1 1.25.0 1.25.3 1.26.0'],
    ['1.99', ''],
  ])('for %p: %p', (written, serving) => {
    const request = named(written)
    const suited = THERE.filter((version) => unsuited(request, version) === undefined)
    expect(suited.map(formatVersion).join(' ')).toBe(serving)
  })

  test.each([
    ['1.24.2', '1.24.10', 'is 1.24.10, not 1.24.2'],
    ['1.24.x', '1.25.0', 'is 1.25.0, not of 1.24'],
    ['1.25', '1.25rc1', 'is 1.25rc1, which is no release'],
    ['go 1.24', '1.27rc1', 'is 1.27rc1, which is no release'],
    ['go 1.24', '1.23.9', 'is 1.23.9, older than 1.24'],
  ])('%p is not served by %p, which %s', (written, version, reason) => {
    const [one] = versions(version)
    expect(one && unsuited(named(written), one)).toBe(reason)
  })
})

describe('which Go is fetched', () => {
  test.each([
    ['1.24', '1.24.10'],
    ['1.24.2', '1.24.2'],
    ['1.24.3', undefined],
    ['go 1.24.2', '1.24.2'],
    ['go 1.24', '1.24.10'],
    ['go 1.24.3', '1.24.10'],
    ['go 1.24.11', '1.25.3'],
    ['go 1.27', undefined],
  ])('for %p: %p', (written, fetched) => {
    const version = toFetch(named(written), THERE)
    expect(version && formatVersion(version)).toBe(fetched)
  })

  test.each([
    ['1.24', false],
    ['1.24.2', true],
    ['go 1.24', false],
    ['go 1.24.2', true],
    ['go 1.25rc1', true],
  ])('for %p no list is needed: %p', (written, isOne) => {
    expect(onlyVersion(named(written)) !== undefined).toBe(isOne)
  })

  test.each([
    ['1.24.99', 'the newest 1.24 there is 1.24.10'],
    ['1.99', 'the newest there is 1.26.0'],
  ])('what is nearest to %p: %s', (written, said) => {
    expect(nearby(named(written), THERE)).toBe(said)
  })
})

describe('what go.mod says', () => {
  test.each([
    ['go 1.24 // the language', 'go 1.24 of go.mod', '1.24'],
    ['go 1.24\r\ntoolchain go1.24.5\r', 'toolchain go1.24.5 of go.mod', '1.24.5'],
    ['go 1.24.5\ntoolchain go1.23.1', 'go 1.24.5 of go.mod', '1.24.5'],
    ['go 1.24.5\ntoolchain default', 'go 1.24.5 of go.mod', '1.24.5'],
    ['go 1.24\ntoolchain go1.24.5-fips', 'toolchain go1.24.5-fips of go.mod', '1.24.5'],
    ['require (\n\tgo v1.2.3\n\ttoolchain v1.0.0\n)\n\ngo 1.23.4', 'go 1.23.4 of go.mod', '1.23.4'],
  ])('%j is %p', (text, asked, version) => {
    const request = ofModule(text)
    expect(request).toMatchObject({ kind: 'at-least', asked })
    expect(request.kind !== 'stable' && formatVersion(request.version)).toBe(version)
  })

  test.each([
    ['// go 1.24', 'go.mod: there is no go line; add one, such as go 1.24, or set go-version'],
    ['go 1.2x', 'go.mod:3: go 1.2x is no version of Go; write it as in go 1.24 or go 1.24.5'],
    [
      'go 1.24\ntoolchain 1.24.5',
      'go.mod:4: toolchain 1.24.5 is no version of Go; write it as in toolchain go1.24.5',
    ],
  ])('%j is refused', (text, line) => {
    expect(refusal(() => ofModule(text))).toBe(line)
  })

  test('is read from the folder, and its lack is told', async () => {
    await using folder = await temporaryFolder()
    await expect(readGoRequest('go.mod', folder.path)).rejects.toThrow(`no go.mod in ${folder.path}`)
    await writeFile(join(folder.path, 'go.mod'), 'module m\n\ngo 1.24\n')
    expect(await readGoRequest('go.mod', folder.path)).toMatchObject({ kind: 'at-least' })
    await expect(readGoRequest('go.mod', join(folder.path, 'go.mod'))).rejects.toThrow(ConfigurationError)
  })
})

test.each([
  '1.2x',
  'latest!',
  'latest',
  '',
  '1',
  'v1.24',
  '1.24.x.x',
  'x',
  '1.24.5.x',
  '>=1.24',
  '1.24\n1.25',
])('go-version %p is refused with what would be right', (written) => {
  expect(refusal(() => parseRequest(written))).toBe(
    `go-version ${JSON.stringify(written)} is no version of Go; ` +
      'expected go.mod, stable, or a version as in 1.24, 1.24.x, 1.24.5 or 1.25rc1',
  )
})
