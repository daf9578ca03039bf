import { expect, test } from '@jest/globals'
import { cause } from '../../../src/result/judge.ts'
import { goMesh, HOST_ID } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf, verdicts } from '../../support/stage-context.ts'

/** Writes a source file without which the module does not compile. */
const GENERATE = [
  'node',
  '--eval',
  'require("node:fs").writeFileSync("internal/shared/shared.go", "package shared; const Greeting = `generated`")',
]

describeWith(['go'])("the project's own preparations", () => {
  test('run before the build, which needs what they generate', async () => {
    await using mesh = await goMesh({
      before: [GENERATE, ['node', '--version']],
      files: { 'internal/shared/shared.go': 'package shared\n' },
    })
    const result = await mesh.compile()
    expect(result.verdict).toBe('pass')
    expect(checkOf(result, 'before/node --version').verdict).toBe('pass')
    expect(result.checks.slice(0, 2).map(({ id }) => id)).toEqual([
      `before/${GENERATE.join(' ')}`,
      'before/node --version',
    ])
  })

  test('when one fails it is the cause, and neither the next nor the build is begun', async () => {
    await using mesh = await goMesh({
      before: [
        ['node', '--eval', 'console.error("no schema"); process.exit(3)'],
        ['node', '--eval', 'require("node:fs").writeFileSync("ran", "")'],
      ],
    })
    const result = await mesh.compile()
    expect(result.verdict).toBe('fail')
    expect(result.checks).toHaveLength(1)
    expect(result.checks[0]).toMatchObject({
      verdict: 'fail',
      detail: 'exit code 3 (no schema)',
      fix: expect.stringContaining('node --eval'),
    })
    expect(cause(result)).toContain('exit code 3 (no schema)')
    expect(result.data.binaries).toEqual([])
    await expect(mesh.read('ran')).rejects.toThrow('ENOENT')
  })

  test('when one fails, what an earlier run built is not vouched for any more', async () => {
    await using mesh = await goMesh({
      before: [['node', '--eval', 'process.exit(require("node:fs").existsSync("fail") ? 1 : 0)']],
    })
    expect((await mesh.compile()).data.binaries).toHaveLength(2)
    await mesh.write({ fail: '' })
    expect((await mesh.compile()).verdict).toBe('fail')
    expect(JSON.parse(await mesh.read('bin/binaries.json')).binaries).toEqual([])
    expect(await mesh.read('bin/SHA256SUMS')).toBe('')
  })

  test('that passed do not make a build green that is not', async () => {
    await using mesh = await goMesh({
      before: [['node', '--version']],
      files: { 'internal/shared/shared.go': 'package shared\n' },
    })
    const result = await mesh.compile()
    expect(verdicts(result)).toMatchObject({
      'before/node --version': 'pass',
      [`built/registry/${HOST_ID}`]: 'fail',
    })
    expect(result.verdict).toBe('fail')
  })

  test('of a program that is not there are refused in one line', async () => {
    await using mesh = await goMesh({ before: [['no-such-program', 'generate']] })
    await expect(mesh.compile()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^cannot run no-such-program in .*: no such program/),
    })
  })
})
