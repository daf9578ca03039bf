import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadProject } from '../../../../src/project/load.ts'
import { ConfigurationError } from '../../../../src/result/configuration-error.ts'
import { checkCommands } from '../../../../src/stages/validate-python-ref/reference/commands.ts'
import { tracebackIn } from '../../../../src/stages/validate-python-ref/reference/traceback.ts'
import { describeWith } from '../../../support/needs.ts'
import { pythonPlaces } from '../../../support/python.ts'
import { checkNamed, type Reference, sampleReference } from '../../../support/reference.ts'

const CLI = 'packages/mcp_mesh_runtime/src/mcp_mesh_runtime/cli'
const MAIN = `commands/python ${CLI}/main.py --help`

describeWith(['python3 of version 3.11 or later'])('the commands of the sample', () => {
  let sample: Reference
  beforeAll(async () => {
    sample = await sampleReference()
  })
  afterAll(async () => sample[Symbol.asyncDispose]())
  const checks = (timeoutMs = 20_000) => checkCommands(sample.project, sample.places, { timeoutMs })
  const mainOf = async (text: string, timeoutMs?: number) =>
    checkNamed(await sample.planted({ [`${CLI}/main.py`]: text }, () => checks(timeoutMs)), MAIN)

  test('pass, with the one that pyproject.toml declares', async () => {
    expect(await checks()).toMatchObject([
      { id: MAIN, verdict: 'pass', detail: expect.stringMatching(/^exit code 0 in /) },
      { id: 'commands/mcp-mesh', verdict: 'pass', title: 'mcp-mesh --help works' },
    ])
    expect(execFileSync('git', ['status', '--short'], { cwd: sample.directory, encoding: 'utf8' })).toBe('')
  })

  test.each([
    ['x = 1', 'it prints nothing', undefined],
    ['import sys\nprint("usage", file=sys.stderr)', 'it prints nothing on stdout', undefined],
    ['print("usage")\nraise SystemExit(3)', 'exit code 3', undefined],
    ['raise ValueError("no settings")', 'exit code 1: ValueError: no settings', 1],
    ['import os\nprint("usage", flush=True)\nos.abort()', 'ended by SIGABRT', undefined],
    [
      'import traceback\nprint("usage")\ntry:\n    1 / 0\nexcept Exception:\n    traceback.print_exc()',
      'it prints a traceback, though it ends with exit code 0: ZeroDivisionError: division by zero',
      4,
    ],
    ['async def main(): ...\nmain()\nprint("usage")', "coroutine 'main' was never awaited", 2],
  ])('fail for %j', async (text, detail, line) => {
    expect(await mainOf(`${text}\n`)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining(detail),
      ...(line === undefined ? {} : { location: { file: `${CLI}/main.py`, line } }),
    })
  })

  test('fail when they do not end', async () => {
    expect(await mainOf('print(1)\nimport threading\nthreading.Event().wait()\n', 1_000)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/^no end after \d\.\d s$/),
    })
  })

  test('fail for a file beside them that takes the place of a standard module', async () => {
    const found = await sample.planted({ [`${CLI}/logging.py`]: 'x = 1\n' }, checks)
    expect(checkNamed(found, MAIN)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(/cli\/logging\.py shadows Python's own logging: exit code 1: \w+Error: /),
      fix: `give ${CLI}/logging.py another name`,
      location: { file: `${CLI}/logging.py` },
    })
    // The console script's folder is another.
    expect(checkNamed(found, 'commands/mcp-mesh').verdict).toBe('pass')
  })

  test('cannot be told for a declared one that is not installed', async () => {
    await using places = await pythonPlaces()
    const found = await checkCommands(sample.project, places, { timeoutMs: 20_000 })
    expect(checkNamed(found, 'commands/mcp-mesh')).toMatchObject({
      verdict: 'inconclusive',
      fix: 'run setup-mesh-toolchain first',
    })
  })

  test('fail for a pyproject.toml that cannot be read', async () => {
    const path = 'packages/mcp_mesh/pyproject.toml'
    const found = await sample.planted({ [path]: '[project\n' }, checks)
    expect(checkNamed(found, `commands/${path}`)).toMatchObject({ verdict: 'fail', location: { file: path } })
  })

  test('know {python}, and refuse what stands for nothing here', async () => {
    const commandsOf = (commands: readonly (readonly string[])[]) =>
      checkCommands(
        loadProject({
          directory: sample.directory,
          overrides: [
            { path: ['python', 'commands'], value: commands, from: 'input "commands"' },
            { path: ['python', 'packages'], value: [], from: 'input "packages"' },
          ],
        }),
        sample.places,
        { timeoutMs: 20_000 },
      )
    expect(await commandsOf([['{python}', '-c', 'import mcp_mesh; print(1)']])).toMatchObject([
      { verdict: 'pass' },
    ])
    expect(await commandsOf([['no-such-program', '--help']])).toMatchObject([
      { verdict: 'fail', detail: expect.stringContaining('cannot run no-such-program') },
    ])
    await expect(commandsOf([['{registry}', '--help']])).rejects.toThrow(ConfigurationError)
  })
})

describe('a traceback', () => {
  test('is the last one, at the line of the project that is nearest to the error', () => {
    const lines = `Traceback (most recent call last):
  File "/p/first.py", line 1, in <module>
ValueError: 1

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/p/app.py", line 3, in <module>
    go()
  File "/p/.venv/lib/python3.11/site-packages/x.py", line 9, in go
    raise KeyError
KeyError: 'x'`.split('\n')
    expect(tracebackIn(lines, { directory: '/p' })).toEqual({
      said: "KeyError: 'x'",
      file: 'app.py',
      line: 3,
    })
    expect(tracebackIn(['Traceback: none'], { directory: '/p' })).toBeUndefined()
  })
})
