import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { lastLine, withLastLine } from '../../src/mesh/last-line.ts'
import { fill } from '../../src/mesh/placeholders.ts'
import type { Project } from '../../src/project/load.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { projectWith } from '../support/project.ts'

describe('the last line of an output', () => {
  test('is the last that says anything, and stands in brackets behind what it explains', () => {
    expect(withLastLine('exit code 1', ['first', ' no database ', '', '\u001b[0m'])).toBe(
      'exit code 1 (no database)',
    )
    expect(withLastLine('exit code 1', ['', '  '])).toBe('exit code 1')
  })

  test('is the panic where Go ended the program, and no frame of it or border of a Python group', () => {
    const stack = ['goroutine 1 [running]:', 'main.main()', '\t/mesh/main.go:21 +0x206', 'exit status 2']
    expect(lastLine(['listening', 'panic: no configuration', '', ...stack])).toBe('panic: no configuration')
    expect(lastLine(['fatal error: all goroutines are asleep - deadlock!', ...stack])).toMatch(
      /^fatal error: all/,
    )
    expect(lastLine(['ValueError: no name', '    +------------------'])).toBe('ValueError: no name')
  })

  test('is short, one line, and carries nothing out, whatever was printed', () => {
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('##[error]', '\u001b[2J', '\r::x::'))
    fc.assert(
      fc.property(fc.array(fc.array(part).map((parts) => parts.join(''))), (tail) => {
        const last = lastLine(tail)
        if (last === undefined) return
        expect(last.length).toBeLessThanOrEqual(300)
        expect(last).not.toMatch(/##\[|[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/)
      }),
    )
  })
})

describe('a command with placeholders', () => {
  const address = { port: 41_237, url: 'http://127.0.0.1:41237' }
  const programs = { programs: { registry: '/bin/registry' }, platform: 'linux/amd64' }

  test('gets the values, also within an argument', async () => {
    const argv = ['{registry}', '--listen=127.0.0.1:{port}', '{url}/agents', '{python}']
    expect(fill(argv, { ...programs, project: await projectWith() }, address)).toEqual([
      '/bin/registry',
      '--listen=127.0.0.1:41237',
      'http://127.0.0.1:41237/agents',
      'python',
    ])
  })

  test('for a program that go.commands does not name is a mistake of the user', async () => {
    const project = await projectWith('go: { commands: { registry: ./cmd/registry } }\n')
    expect(refusal(['{cli}', 'start'], project)).toBe('{cli} stands for no program; add cli to go.commands')
  })

  test('for a program that go.commands names says that it was not built, and what builds it', async () => {
    expect(refusal(['{cli}', 'start'], await projectWith())).toBe(
      'cli was not built for linux/amd64; run cross-compile-go without "commands": then it builds all of go.commands',
    )
  })

  function refusal(argv: readonly string[], project: Project): string {
    try {
      fill(argv, { ...programs, project }, address)
    } catch (error) {
      if (error instanceof ConfigurationError) return error.oneLine
      throw error
    }
    throw new Error('was not refused')
  }
})
