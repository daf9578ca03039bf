import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { startFailure } from '../../../src/stages/cross-compile-go/start.ts'
import { FOREIGN, goMesh, HOST } from '../../support/go-module.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf } from '../../support/stage-context.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const EXITS = `package main

import "os"

func main() {
	os.Stderr.WriteString("flags: unknown flag " + os.Args[1] + "\\n")
	os.Exit(1)
}
`

describeWith(['go'])('the programs of this machine', () => {
  test('are started with --help; those of others are not', async () => {
    await using mesh = await goMesh({ go: { platforms: [FOREIGN, HOST] } })
    const result = await mesh.compile()
    expect(result.checks.filter((check) => check.id.startsWith('starts/')).map(({ id }) => id)).toEqual([
      'starts/registry',
      'starts/cli',
    ])
    expect(checkOf(result, 'starts/registry').detail).toMatch(/^it started and ended in \d/)
  })

  test('that exit with 1 are red with the code and their last words, and are kept to look at', async () => {
    await using mesh = await goMesh({ files: { 'cmd/mcp-mesh-dev/main.go': EXITS } })
    const result = await mesh.compile()
    expect(checkOf(result, 'starts/cli')).toMatchObject({
      verdict: 'fail',
      detail: '--help: exit code 1 (flags: unknown flag --help)',
    })
    expect(checkOf(result, 'starts/registry').verdict).toBe('pass')
    expect(result.verdict).toBe('fail')
    expect(result.data.binaries).toHaveLength(2)
  })

  test('that crash are red with what ended them', async () => {
    await using mesh = await goMesh({
      files: {
        'cmd/mcp-mesh-dev/main.go':
          'package main\n\nimport "syscall"\n\nfunc main() {\n\tsyscall.Kill(syscall.Getpid(), syscall.SIGKILL)\n\tselect {}\n}\n',
      },
    })
    expect(checkOf(await mesh.compile({ commands: ['cli'] }), 'starts/cli')).toMatchObject({
      verdict: 'fail',
      detail: '--help: ended by SIGKILL',
    })
  })

  test("are not looked for where this part does not build this machine's platform", async () => {
    await using mesh = await goMesh({ go: { platforms: [FOREIGN, HOST] } })
    const result = await mesh.compile({ shard: { index: 1, total: 2 } })
    expect(result).toMatchObject({ verdict: 'pass', shard: '1/2' })
    expect(result.data.binaries.map(({ platform }) => platform)).toEqual([FOREIGN, FOREIGN])
    expect(result.checks.map(({ id }) => id).filter((id) => id.startsWith('starts'))).toEqual([])
  })
})

describe('a program that is started', () => {
  async function script(folder: string, text: string): Promise<string> {
    const file = join(folder, 'program')
    await writeFile(file, text)
    await chmod(file, 0o755)
    return file
  }
  const asking = (cwd: string) => ({ cwd, signal: new AbortController().signal })

  test('does not learn of a real port', async () => {
    await using folder = await temporaryFolder()
    const file = await script(folder.path, '#!/bin/sh\n[ "$1 $HOST:$PORT" = "--help 127.0.0.1:0" ]\n')
    expect(await startFailure(file, asking(folder.path))).toBeUndefined()
  })

  test.each([
    ['2 and whose --version ends with 0', '[ "$1" = --version ] && exit 0; exit 2', undefined],
    ['2 and whose --version does so too', 'exit 2', '--help: exit code 2'],
    ['1, whatever its --version does', '[ "$1" = --version ] && exit 0; exit 1', '--help: exit code 1'],
  ])('whose --help ends with %s', async (_, text, failure) => {
    await using folder = await temporaryFolder()
    const file = await script(folder.path, `#!/bin/sh\n${text}\n`)
    expect(await startFailure(file, asking(folder.path))).toBe(failure)
  })

  test('that does not end is given ten seconds', async () => {
    await using folder = await temporaryFolder()
    const file = await script(folder.path, '#!/bin/sh\necho serving\nexec tail -f /dev/null\n')
    expect(await startFailure(file, asking(folder.path))).toMatch(
      /^--help: no end after 10\.\d s \(serving\)$/,
    )
  })

  test('that cannot be executed is a failure in words', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'program'), '')
    expect(await startFailure(join(folder.path, 'program'), asking(folder.path))).toMatch(/is not executable/)
  })
})
