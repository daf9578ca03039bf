import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Action } from '../../src/platform/declare.ts'
import { perform } from '../../src/platform/perform.ts'
import type { Runner } from '../../src/platform/runner.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { stageResultSchema } from '../../src/result/stage-result.ts'
import type { Verdict } from '../../src/result/verdict.ts'
import { rememberingRunner, resultOf, tinyAction } from '../support/actions.ts'
import { folderWith } from '../support/project.ts'

/** A workspace with a project in it, and a runner that remembers. */
async function workplace(files: Readonly<Record<string, string>> = {}) {
  const folder = await folderWith({ 'workspace/go.mod': '', 'temporary/.keep': '', ...files })
  const workspace = join(folder.path, 'workspace')
  const temporary = join(folder.path, 'temporary')
  const remembering = rememberingRunner(workspace, temporary)
  return {
    ...remembering,
    workspace,
    temporary,
    perform: (
      declared: Action,
      inputs: Readonly<Record<string, string>> = {},
      { signal = new AbortController().signal, ...runner }: Partial<Runner & { signal: AbortSignal }> = {},
    ) =>
      perform(
        declared,
        { text: (name) => inputs[name] ?? '', label: (name) => `input "${name}"`, signal },
        { ...remembering.runner, ...runner },
      ),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

const green = tinyAction(async (context) => ({ result: resultOf('pass', context) }))

describe('what a user gave', () => {
  test('is parsed and reaches the action; what was not given is its default', async () => {
    await using place = await workplace()
    let seen: unknown
    const declared = tinyAction(async ({ inputs }) => {
      seen = inputs
      return {}
    })
    await place.perform(declared, { tags: 'a,b', reproducible: 'true' })
    expect(seen).toMatchObject({ tags: ['a', 'b'], platforms: undefined, reproducible: true })
    await place.perform(declared)
    expect(seen).toMatchObject({
      tags: undefined,
      reproducible: false,
      onInconclusive: 'fail',
      upload: 'true',
    })
  })

  test('wins over mesh.yml, and only where it was given', async () => {
    await using place = await workplace({ 'workspace/mesh.yml': 'go: { tags: [file] }\n' })
    expect((await place.perform(green)).outputs).toMatchObject({ tags: ['file'] })
    expect((await place.perform(green, { tags: 'given' })).outputs).toMatchObject({ tags: ['given'] })
  })

  test.each([
    [{ reproducible: 'yes' }, 'input "reproducible": expected true or false, found "yes"'],
    [{ onInconclusive: 'pass' }, 'input "onInconclusive": expected fail or warn, found "pass"'],
    [{ platforms: 'linux' }, 'input "platforms": expected GOOS/GOARCH, as in linux/amd64, found "linux"'],
    [{ name: 'a/b' }, 'input "name": expected letters, digits, dots and dashes, found "a/b"'],
    [{ config: 'other.yml' }, 'no file other.yml in workspace'],
  ])('is refused by its own name before anything runs: %j', async (inputs, message) => {
    await using place = await workplace()
    let ran = false
    const declared = tinyAction(async () => {
      ran = true
      return {}
    })
    await expect(place.perform(declared, inputs)).rejects.toThrow(new ConfigurationError(message))
    expect(ran).toBe(false)
    expect(readdirSync(place.workspace)).not.toContain('.mesh')
    await place.perform(declared)
    expect(ran).toBe(true)
  })

  test('chooses the folder of the project', async () => {
    await using place = await workplace({ 'workspace/sub/mesh.yml': 'go: { tags: [sub] }\n' })
    const { outputs } = await place.perform(green, { workingDirectory: 'sub' })
    expect(outputs).toMatchObject({ tags: ['sub'] })
    expect(place.shows[0]?.project).toBe(join(place.workspace, 'sub'))
    expect(existsSync(join(place.workspace, 'sub/.mesh/results/cross-compile-go.json'))).toBe(true)
  })
})

describe('what a stage found', () => {
  test('is an output, is shown, and is kept in a file that fits the schema', async () => {
    await using place = await workplace()
    const performed = await place.perform(green)
    expect(performed.outputs).toEqual({ verdict: 'pass', tags: [] })
    expect(performed.effective).toBe('pass')
    expect(place.shows).toEqual([{ result: performed.result, project: place.workspace }])
    const kept = JSON.parse(
      readFileSync(join(place.workspace, '.mesh/results/cross-compile-go.json'), 'utf8'),
    )
    expect(stageResultSchema.parse(kept)).toEqual(performed.result)
    expect(kept).toMatchObject({ attempt: 2, commit: 'c0ffee', verdict: 'pass' })
  })

  test('never shows up as a change of the project', async () => {
    await using place = await workplace()
    const git = (...args: string[]) => execFileSync('git', args, { cwd: place.workspace, encoding: 'utf8' })
    git('init', '--quiet')
    git('add', '.')
    git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '-m', 'x')
    const { result } = await place.perform(green)
    expect(git('status', '--porcelain')).toBe('')
    expect(result?.commit).toBe(git('rev-parse', 'HEAD').trim())
  })

  test('is uploaded with the files that were made, under the name of the stage', async () => {
    await using place = await workplace()
    const binary = join(place.workspace, 'bin/registry')
    const declared = tinyAction(async (context) => {
      mkdirSync(join(binary, '..'))
      writeFileSync(binary, '')
      return { result: resultOf('fail', context), files: [binary] }
    })
    await place.perform(declared)
    const kept = join(place.workspace, '.mesh/results/cross-compile-go.json')
    const log = join(place.workspace, '.mesh/logs/cross-compile-go.log')
    expect(place.uploads).toEqual([
      { name: 'mesh-cross-compile-go', files: [binary, kept, log], root: place.workspace, complete: true },
    ])
  })

  test('of a part of the work, in a pipeline with a name, has both in its names', async () => {
    await using place = await workplace()
    const declared = tinyAction(async (context) => {
      expect(context.artifactName('load-test', '1/2')).toBe('mesh-nightly-load-test-1-of-2')
      return { result: resultOf('pass', context, '2/4') }
    })
    await place.perform(declared, { name: 'nightly' })
    expect(place.uploads[0]?.name).toBe('mesh-nightly-cross-compile-go-2-of-4')
    expect(place.uploads[0]?.files).toEqual([
      join(place.workspace, '.mesh/results/cross-compile-go-2-of-4.json'),
      join(place.workspace, '.mesh/logs/cross-compile-go.log'),
    ])
  })

  test('is not uploaded when the user does not want it', async () => {
    await using place = await workplace()
    await place.perform(green, { upload: 'false' })
    expect(place.shows).toHaveLength(1)
    expect(place.uploads).toEqual([])
  })

  test.each([
    ['pass', 'fail', 0],
    ['inconclusive', 'fail', 1],
    // The step goes on, and a later one may have the last word.
    ['inconclusive', 'warn', 0],
    ['fail', 'fail', 1],
  ] as const)(
    'with upload: red, a verdict of %s and on-inconclusive: %s is uploaded %d times',
    async (verdict, onInconclusive, times) => {
      await using place = await workplace()
      await place.perform(
        tinyAction(async (context) => ({ result: resultOf(verdict, context) })),
        { upload: 'red', onInconclusive },
      )
      expect(place.uploads).toHaveLength(times)
    },
  )

  test('of a stage that many jobs go through is uploaded when it is red, under the name of the job', async () => {
    await using place = await workplace()
    const setsUp = (verdict: Verdict): Action => ({
      ...tinyAction(async (context) => ({ result: resultOf(verdict, context) })),
      uploads: 'red',
    })
    const inJob = { ...place.runner, job: 'docker-build' }
    await place.perform(setsUp('fail'))
    await place.perform(setsUp('pass'), {}, inJob)
    expect(place.uploads).toEqual([])
    await place.perform(setsUp('fail'), {}, inJob)
    expect(place.uploads.map(({ name }) => name)).toEqual(['mesh-cross-compile-go-docker-build'])
  })

  test('of an earlier run is gone before anything is done', async () => {
    await using place = await workplace()
    await place.perform(green)
    const file = join(place.workspace, '.mesh/results/cross-compile-go.json')
    expect(existsSync(file)).toBe(true)
    const broken = tinyAction(async () => {
      throw new ConfigurationError('no Go')
    })
    await expect(place.perform(broken)).rejects.toThrow('no Go')
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    ['inconclusive', 'fail', 'inconclusive'],
    ['inconclusive', 'warn', 'pass'],
    ['fail', 'warn', 'fail'],
    ['pass', 'warn', 'pass'],
  ] as const)(
    '%s with on-inconclusive: %s ends the step as %s',
    async (verdict, onInconclusive, effective) => {
      await using place = await workplace()
      const declared = tinyAction(async (context) => ({ result: resultOf(verdict, context) }))
      const performed = await place.perform(declared, { onInconclusive })
      expect(performed).toMatchObject({ effective, outputs: { verdict } })
    },
  )

  test('an action without a stage has no verdict, shows nothing and uploads nothing', async () => {
    await using place = await workplace()
    const performed = await place.perform(
      tinyAction(async () => ({}), undefined),
      { tags: 'a' },
    )
    expect(performed).toEqual({
      outputs: { tags: ['a'] },
      result: undefined,
      cause: undefined,
      effective: 'pass',
    })
    expect([...place.shows, ...place.uploads]).toEqual([])
  })
})

describe('while it runs', () => {
  test('there is a temporary folder, which is gone afterwards, whether it went well or not', async () => {
    await using place = await workplace()
    for (const broken of [false, true]) {
      let temporary = ''
      const declared = tinyAction(async (context) => {
        temporary = context.stage.temporary
        mkdirSync(join(temporary, 'deep'))
        writeFileSync(join(temporary, 'deep', 'file'), '')
        if (broken) throw new Error('broken')
        return { result: resultOf('pass', context) }
      })
      if (broken) await expect(place.perform(declared)).rejects.toThrow('broken')
      else await place.perform(declared)
      expect(temporary.startsWith(join(place.temporary, 'mesh-'))).toBe(true)
      expect(existsSync(temporary)).toBe(false)
      expect(readdirSync(place.temporary)).toEqual(['.keep'])
    }
  })

  test('what it says is shown and kept in a log', async () => {
    await using place = await workplace()
    const declared = tinyAction(async (context) => {
      context.stage.log.info('hello')
      return { result: resultOf('pass', context) }
    })
    await place.perform(declared)
    expect(place.shown).toEqual(['hello'])
    expect(readFileSync(join(place.workspace, '.mesh/logs/cross-compile-go.log'), 'utf8')).toBe('hello\n')
  })

  test('two at once in one workspace do not share their temporary folders', async () => {
    await using place = await workplace()
    const seen: string[] = []
    const declared = tinyAction(async (context) => {
      seen.push(context.stage.temporary)
      return {}
    })
    await Promise.all([place.perform(declared), place.perform(declared)])
    expect(new Set(seen).size).toBe(2)
  })

  test('an interruption rejects with its reason and keeps no result', async () => {
    await using place = await workplace()
    const controller = new AbortController()
    const declared = tinyAction(async (context) => {
      controller.abort(new Error('cancelled'))
      context.stage.signal.throwIfAborted()
      return { result: resultOf('pass', context) }
    })
    await expect(place.perform(declared, {}, { signal: controller.signal })).rejects.toThrow('cancelled')
    expect(readdirSync(join(place.workspace, '.mesh/results'))).toEqual([])
    expect(readdirSync(place.temporary)).toEqual(['.keep'])
  })
})
