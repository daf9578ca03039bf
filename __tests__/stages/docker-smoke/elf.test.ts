import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readElf } from '../../../src/stages/docker-smoke/elf.ts'
import { writeFiles } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { buildPrograms } from '../../support/programs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HEAD = 4096

/** The headers of an executable of 32 bits, its bytes in the order that `big` says. */
function small(big: boolean, machine: number): Buffer {
  const bytes = Buffer.alloc(128)
  const u16 = (value: number, at: number) =>
    big ? bytes.writeUInt16BE(value, at) : bytes.writeUInt16LE(value, at)
  const u32 = (value: number, at: number) =>
    big ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, big ? 2 : 1, 1])
  u16(machine, 18)
  u32(52, 28)
  u16(32, 42)
  u16(1, 44)
  // One segment, the path of a loader.
  u32(3, 52)
  u32(100, 56)
  u32(10, 68)
  bytes.write('/lib/ld.1\0', 100)
  return bytes
}

describe('the head of a file', () => {
  test('of 32 bits is read in either order of bytes', () => {
    expect(readElf(small(false, 40))).toEqual({ architecture: 'arm', interpreter: '/lib/ld.1' })
    expect(readElf(small(true, 40))).toEqual({ architecture: 'arm', interpreter: '/lib/ld.1' })
  })

  test('of a machine without a name tells its number', () => {
    expect(readElf(small(false, 4711))).toMatchObject({ architecture: 'machine 4711' })
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['of a script', Buffer.from(`#!/bin/sh\n${'echo\n'.repeat(100)}`)],
    ['of zeros', Buffer.alloc(HEAD)],
    ['cut after the magic', small(false, 62).subarray(0, 20)],
  ])('%s is of no executable', (_, head) => {
    expect(readElf(head)).toBeUndefined()
  })

  test('never throws, whatever follows the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
        readElf(Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), rest]))
      }),
    )
  })
})

describeWith(['go'])('what Go built', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let built: Awaited<ReturnType<typeof buildPrograms>>

  beforeAll(async () => {
    folder = await temporaryFolder()
    built = await buildPrograms(folder.path, ['linux/amd64', 'linux/arm64', 'windows/amd64'])
  }, 120_000)
  afterAll(() => folder[Symbol.asyncDispose]())

  const head = (platform: string) => built.get(platform)?.bytes.subarray(0, HEAD) ?? Buffer.alloc(0)

  test('is static, and for the architecture that was asked', () => {
    expect(readElf(head('linux/amd64'))).toEqual({ architecture: 'amd64', interpreter: undefined })
    expect(readElf(head('linux/arm64'))).toEqual({ architecture: 'arm64', interpreter: undefined })
  })

  test('for Windows is no ELF executable', () => {
    expect(readElf(head('windows/amd64'))).toBeUndefined()
  })

  test('position-independent needs the loader of the C library', async () => {
    await writeFiles(folder.path, { 'cmd/pie/main.go': 'package main\n\nfunc main() {}\n' })
    const file = join(folder.path, 'pie')
    execFileSync('go', ['build', '-buildmode=pie', '-o', file, './cmd/pie'], {
      cwd: folder.path,
      env: { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64' },
    })
    expect(readElf(execFileSync('head', ['-c', String(HEAD), file]))).toEqual({
      architecture: 'amd64',
      interpreter: '/lib64/ld-linux-x86-64.so.2',
    })
  })

  test('is read as far as it is there', () => {
    // The first header is whole; what is cut off is the table that would name a loader.
    expect(readElf(head('linux/amd64').subarray(0, 64))).toEqual({
      architecture: 'amd64',
      interpreter: undefined,
    })
  })
})
