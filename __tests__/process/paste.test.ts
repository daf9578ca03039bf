import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { pasteable } from '../../src/process/paste.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What a real POSIX shell makes of a text; throws when the shell does not take it. */
function shell(text: string, env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', text], { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`the shell ended with ${status}: ${stderr}`)
  return stdout
}

/** Anything an argument can be: all but NUL, and text rather than halves of characters. */
const word = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  fc.constantFrom(
    '',
    ' ',
    "'",
    "''",
    '"',
    '\\',
    '$HOME',
    '$(id)',
    '`id`',
    '*',
    '~',
    '!!',
    '\n',
    '\t',
    '&',
    ';',
    '#',
    '-n',
    '{a,b}',
    'é',
  ),
  fc
    .array(fc.constantFrom("'", '"', '\\', '$', ' ', 'a', '\n'), { maxLength: 6 })
    .map((parts) => parts.join('')),
)
const RUNS = { numRuns: 60 }

describe('a command to paste into a shell', () => {
  test('gives the program exactly its list of arguments', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (args) => {
        expect(shell(pasteable(['printf', '%s\\0', ...args]))).toBe(args.map((arg) => `${arg}\0`).join(''))
      }),
      RUNS,
    )
  })

  test('sets exactly the variables it was given', () => {
    const name = fc.oneof(
      fc.constantFrom('A', '_x1', 'a-b', 'a.b', '1x', 'a b', "it's", '$(id)'),
      fc.stringMatching(/^[A-Z]{1,5}_$/),
    )
    fc.assert(
      fc.property(fc.dictionary(name, word, { minKeys: 1, maxKeys: 4 }), (env) => {
        const printed = shell(pasteable(['env', '-0'], { env })).split('\0')
        for (const [key, value] of Object.entries(env)) expect(printed).toContain(`${key}=${value}`)
      }),
      RUNS,
    )
  })

  test('leaves out a variable that is unset', () => {
    expect(pasteable(['go', 'version'], { env: { GOFLAGS: undefined, GOOS: 'linux' } })).toBe(
      'GOOS=linux go version',
    )
  })

  test('runs in the folder, whatever it is called, and leaves the shell where it was', async () => {
    await using folder = await temporaryFolder()
    const odd = join(folder.path, "it's a $folder; `x`\n-n")
    mkdirSync(odd)
    expect(shell(`cd / && ${pasteable(['pwd'], { cwd: odd })} && pwd`)).toBe(`${odd}\n/\n`)
  })

  test('finds its program also when a shell would read the name as something else', async () => {
    await using folder = await temporaryFolder()
    const env = { PATH: `${folder.path}:${process.env.PATH}` }
    for (const program of ['A=b', 'while', 'if', 'time', '{', '!', 'a b', '#x', 'done']) {
      writeFileSync(
        join(folder.path, program),
        '#!/bin/sh\nprintf "%s ran with %s" "$(basename "$0")" "$1"\n',
      )
      chmodSync(join(folder.path, program), 0o755)
      expect(shell(pasteable([program, 'x']), env)).toBe(`${program} ran with x`)
    }
  })

  test('stays readable where nothing needs quotes', () => {
    expect(
      pasteable(['go', 'build', '-ldflags', '-s -w', './cmd/...'], {
        cwd: '/src/mesh',
        env: { CGO_ENABLED: '0', GOOS: 'linux' },
      }),
    ).toBe("(cd /src/mesh && CGO_ENABLED=0 GOOS=linux go build -ldflags '-s -w' ./cmd/...)")
  })
})
