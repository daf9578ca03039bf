import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type CommandOptions, ending, run, succeeded } from '../../src/process/run.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const options: CommandOptions = { cwd: '/', timeoutMs: 30_000 }
const sh = (script: string, changes: Partial<CommandOptions> = {}) =>
  run(['/bin/sh', '-c', script], { ...options, ...changes })
const node = (script: string, changes: Partial<CommandOptions> = {}) =>
  run([process.execPath, '-e', script], { ...options, env: { NODE_OPTIONS: undefined }, ...changes })

describe('how a command ends', () => {
  test('exit code 0 is success', async () => {
    const outcome = await sh('exit 0')
    expect(outcome).toMatchObject({ code: 0, ended: 'exited', signal: undefined })
    expect(succeeded(outcome)).toBe(true)
    expect(outcome.durationMs).toBeGreaterThan(0)
  })

  test.each([1, 2, 42, 255])('exit code %d is a value, not an exception', async (code) => {
    const outcome = await sh(`exit ${code}`)
    expect(outcome).toMatchObject({ code, ended: 'exited' })
    expect(succeeded(outcome)).toBe(false)
    expect(ending(outcome)).toBe(`exit code ${code}`)
  })

  test('a signal of its own making is named, and there is no exit code', async () => {
    const outcome = await sh('kill -SEGV $$')
    expect(outcome).toMatchObject({ code: undefined, ended: 'killed', signal: 'SIGSEGV' })
    expect(succeeded(outcome)).toBe(false)
    expect(ending(outcome)).toBe('ended by SIGSEGV')
  })

  test('a timeout is said with its time, and is no success though the command then exits with 0', async () => {
    const outcome = await sh('trap "exit 0" TERM; echo ready; while :; do sleep 0.01; done', {
      timeoutMs: 300,
    })
    expect(outcome.ended).toBe('timed-out')
    expect(succeeded(outcome)).toBe(false)
    expect(ending(outcome)).toMatch(/^no end after \d+ ms$/)
  })

  test('a timeout longer than a timer can count does not fire at once', async () => {
    expect(await sh('exit 7', { timeoutMs: 1e12 })).toMatchObject({ code: 7, ended: 'exited' })
  })

  test('the way to run it again by hand is kept', async () => {
    expect((await sh('exit 3', { env: { A: 'b c' } })).pasteable).toBe(
      "(cd / && A='b c' /bin/sh -c 'exit 3')",
    )
  })
})

describe('what a command prints', () => {
  test('is shown line by line as it comes, both streams, neutralised', async () => {
    const shown: string[] = []
    const outcome = await sh('echo "::error::forged"; echo "##[error]x" >&2; printf "no end"', {
      output: (line) => shown.push(line),
    })
    expect(shown.sort()).toEqual(['  | ## [error]x', '  | ::error::forged', '  | no end'])
    expect([...outcome.tail].sort()).toEqual(['##[error]x', '::error::forged', 'no end'])
    expect(outcome.stdout).toBe('')
  })

  test('captured, it comes back whole and is not shown; stderr is', async () => {
    const shown: string[] = []
    const outcome = await sh('printf "a\\nb\\r\\n€"; echo why >&2', {
      stdout: 'capture',
      output: (line) => shown.push(line),
    })
    expect(outcome.stdout).toBe('a\nb\r\n€')
    expect(shown).toEqual(['  | why'])
    expect(outcome.tail).toEqual(['why'])
  })

  test('of many lines the last forty are kept', async () => {
    const { tail } = await node('for (let i = 1; i <= 1000; i++) console.log(i)')
    expect(tail).toHaveLength(40)
    expect([tail[0], tail.at(-1)]).toEqual(['961', '1000'])
  })

  test('ten megabytes without a line end arrive whole, in pieces', async () => {
    let length = 0
    let longest = 0
    const outcome = await node('process.stdout.write("a".repeat(10e6))', {
      output: (line) => {
        length += line.length - '  | '.length
        longest = Math.max(longest, line.length)
      },
    })
    expect(outcome.code).toBe(0)
    expect(length).toBe(10e6)
    expect(longest).toBeLessThan(70_000)
  })

  test('ten megabytes are captured to the last byte', async () => {
    const { stdout } = await node('process.stdout.write("a".repeat(10e6 - 1) + "b")', { stdout: 'capture' })
    expect(stdout).toHaveLength(10e6)
    expect(stdout.endsWith('ab')).toBe(true)
  })

  test('nothing is there to be read from: a command that asks for input sees its end', async () => {
    expect(await sh('cat; echo after')).toMatchObject({ code: 0, tail: ['after'] })
  })
})

describe('a command that cannot be started', () => {
  test('a program that is not there is a mistake of the user', async () => {
    const started = run(['no-such-program-here'], options)
    await expect(started).rejects.toThrow(ConfigurationError)
    await expect(started).rejects.toThrow('cannot run no-such-program-here in /: no such program or folder')
  })

  test('so is a folder that is not there, or that is a file', async () => {
    await using folder = await temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    for (const name of ['nowhere', 'file']) {
      const cwd = join(folder.path, name)
      const started = sh('exit 0', { cwd })
      await expect(started).rejects.toThrow(
        new ConfigurationError(`cannot run /bin/sh in ${cwd}: no such program or folder`),
      )
    }
  })

  test('so is a file that is not executable', async () => {
    await using folder = await temporaryFolder()
    const program = join(folder.path, 'program')
    writeFileSync(program, '#!/bin/sh\nexit 0\n')
    chmodSync(program, 0o644)
    await expect(run([program], options)).rejects.toThrow(
      new ConfigurationError(`cannot run ${program}: it is not executable`),
    )
    chmodSync(program, 0o755)
    expect((await run([program], options)).code).toBe(0)
  })

  test('no program at all is a bug', async () => {
    await expect(run([], options)).rejects.toThrow(TypeError)
  })
})

describe('the temporary files of a command', () => {
  const asked = (changes: Partial<CommandOptions>) =>
    sh('echo "$TMPDIR $TMP $TEMP"', { stdout: 'capture', ...changes })

  test('go where it is told, whatever else its environment says', async () => {
    const { stdout, pasteable } = await asked({ temporary: '/short', env: { TMPDIR: '/other' } })
    expect(stdout).toBe('/short /short /short\n')
    expect(pasteable).not.toContain('/short')
  })

  test('go where the machine has them when a socket in the folder would have too long a path', async () => {
    const env = { TMPDIR: '/machine', TMP: '', TEMP: '' }
    expect((await asked({ temporary: `/${'x'.repeat(69)}`, env })).stdout).toMatch(/^\/x{69} /)
    expect((await asked({ temporary: `/${'x'.repeat(70)}`, env })).stdout).toBe('/machine  \n')
  })
})
