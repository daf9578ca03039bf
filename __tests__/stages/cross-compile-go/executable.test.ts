import { readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatOf, readExecutable } from '../../../src/stages/cross-compile-go/executable.ts'
import { describeWith } from '../../support/needs.ts'
import { buildPrograms } from '../../support/programs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PLATFORMS = [
  ['linux/amd64', 'elf', 'amd64'],
  ['linux/arm64', 'elf', 'arm64'],
  ['linux/386', 'elf', '386'],
  ['linux/arm', 'elf', 'arm'],
  ['linux/riscv64', 'elf', 'riscv64'],
  ['linux/ppc64le', 'elf', 'ppc64le'],
  ['linux/s390x', 'elf', 's390x'],
  ['darwin/amd64', 'mach-o', 'amd64'],
  ['darwin/arm64', 'mach-o', 'arm64'],
  ['windows/amd64', 'pe', 'amd64'],
  ['windows/arm64', 'pe', 'arm64'],
  ['js/wasm', 'wasm', 'wasm'],
] as const

/** Where Go's cache holds nothing of these platforms yet, its runtime is compiled for each. */
const COLD_MS = 5 * 60_000

describeWith(['go'])("a program's header", () => {
  test(
    'says for every platform what Go built it for',
    async () => {
      await using folder = await temporaryFolder()
      const programs = await buildPrograms(
        folder.path,
        PLATFORMS.map(([platform]) => platform),
      )
      expect(
        [...programs].map(([platform, { bytes }]) => {
          const header = readExecutable(bytes.subarray(0, 4096))
          return [platform, header?.format, header?.architecture]
        }),
      ).toEqual(PLATFORMS)
      for (const [platform, format] of PLATFORMS) expect(formatOf(platform.split('/')[0] ?? '')).toBe(format)
    },
    COLD_MS,
  )

  test('of the program that runs this test is read too, though Go did not make it', async () => {
    expect(readExecutable(await readFile(process.execPath))).toMatchObject({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    })
  })

  test.each([
    ['a shell script', Buffer.from(`#!/bin/sh\n${'echo\n'.repeat(40)}`)],
    ['a file of nothing', Buffer.alloc(0)],
    ['the magic of ELF and no more', Buffer.from('\x7fELF', 'latin1')],
    ['a DOS program without a PE header', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
    [
      'a PE header beyond the end of the file',
      Buffer.concat([
        Buffer.from('MZ'),
        Buffer.alloc(58),
        Buffer.from([0xff, 0xff, 0xff, 0xff]),
        Buffer.alloc(64),
      ]),
    ],
  ])('%s is no program', (_, bytes) => {
    expect(readExecutable(bytes)).toBeUndefined()
  })

  test('any bytes, with any magic before them, are read without an exception', () => {
    const magic = fc.constantFrom('', '\x7fELF', '\xcf\xfa\xed\xfe', '\0asm', 'MZ')
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 256 }), (head, rest) => {
        const header = readExecutable(Buffer.concat([Buffer.from(head, 'latin1'), rest]))
        expect([undefined, 'elf', 'mach-o', 'pe', 'wasm']).toContain(header?.format)
      }),
      { numRuns: 1000 },
    )
  })
})
