import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../../src/process/run.ts'
import { buildablePlatforms, findToolchain, firstComplaint } from '../../../src/stages/cross-compile-go/go.ts'
import { goMesh, HOST } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'

function failed(...tail: string[]): Outcome {
  return {
    code: 1,
    ended: 'exited',
    signal: undefined,
    durationMs: 10,
    stdout: '',
    tail,
    pasteable: 'go build',
  }
}

describe('the line of a failed Go command that says why', () => {
  test.each([
    ['the first one', ['main.go:1:1: expected package', 'more'], 'main.go:1:1: expected package'],
    [
      'not the name of the package above it, nor a download',
      ['go: downloading github.com/spf13/cobra v1.8.0', '# example.com/mesh', '', '  link: broken '],
      'link: broken',
    ],
    [
      'what comes after a heading, with the heading',
      ['go: errors parsing go.mod:', 'go.mod:3: unknown directive: foo'],
      'go: errors parsing go.mod: go.mod:3: unknown directive: foo',
    ],
    ['a heading that nothing follows', ['go: updates to go.mod needed:'], 'go: updates to go.mod needed:'],
    [
      'a full disk, wherever it was said',
      ['# runtime', 'compile: writing output: write $WORK/b001/_pkg_.a: No space left on device'],
      'no space left on device (exit code 1)',
    ],
    ['how it ended when it said nothing', ['', '# example.com/mesh'], 'exit code 1'],
  ])('is %s', (_, tail, line) => {
    expect(firstComplaint(failed(...tail))).toBe(line)
  })
})

describeWith(['go'])('the Go of this machine', () => {
  test('says its version, its platform, the module at hand and what it can build for', async () => {
    await using mesh = await goMesh()
    const asking = { cwd: mesh.directory, signal: new AbortController().signal }
    expect(await findToolchain(asking)).toEqual({
      version: expect.stringMatching(/^go1\.\d+/),
      host: HOST,
      module: 'example.com/mesh',
    })
    expect(await buildablePlatforms(asking)).toEqual(
      expect.arrayContaining([HOST, 'linux/arm64', 'darwin/arm64', 'windows/amd64']),
    )
  })

  test('that is told to know no modules is refused for that', async () => {
    await using mesh = await goMesh()
    const env = { GO111MODULE: 'off' }
    const asking = { cwd: mesh.directory, env, signal: new AbortController().signal }
    await expect(findToolchain(asking)).rejects.toThrow('GO111MODULE=off: Go reads no go.mod')
  })
})
