import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { loadAction } from '../../src/actions/index.ts'
import type { Artifacts } from '../../src/platform/artifacts/artifacts.ts'
import { folderArtifacts } from '../../src/platform/artifacts/folder.ts'
import { type Action, action } from '../../src/platform/declare.ts'
import { perform } from '../../src/platform/perform.ts'
import type { Runner } from '../../src/platform/runner.ts'
import { JOB_NAMES, LATER_STAGES, stagesOf } from '../../src/report/pipeline.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import type { CacheStore } from '../../src/stages/context.ts'
import { rememberingRunner } from '../support/actions.ts'
import { stageResult } from '../support/pipeline.ts'
import { folderWith } from '../support/project.ts'

const COMMIT = 'c0ffee'
const ATTEMPT = 2

/** An action that comes to this result and does nothing else. */
const coming = (result: StageResult): Action =>
  action({
    title: 'Stage',
    description: 'For tests',
    stage: result.stage,
    ...(result.stage === 'setup-mesh-toolchain' ? { uploads: 'red' as const } : {}),
    inputs: {},
    outputs: {},
    run: async () => ({ result, outputs: {} }),
  }) as unknown as Action

/** A run of a workflow whose jobs share artifacts, each with a workspace of its own. */
async function openRun(place: Partial<Runner> = {}) {
  const folder = await folderWith({ 'temporary/.keep': '' })
  const artifacts = folderArtifacts(join(folder.path, 'artifacts'), 'run')
  const summaries: string[] = []
  const commit = place.commit ?? COMMIT
  let jobs = 0
  const inJob = async (
    declared: Action,
    inputs: Readonly<Record<string, string>>,
    changes: Partial<Runner> & { readonly files?: Readonly<Record<string, string>> } = {},
  ) => {
    const workspace = join(folder.path, `job-${++jobs}`)
    await using _files = await folderWith({ '.keep': '', ...changes.files })
    cpSync(_files.path, workspace, { recursive: true })
    return perform(
      declared,
      {
        text: (name) => inputs[name] ?? '',
        label: (name) => name,
        signal: new AbortController().signal,
      },
      {
        ...rememberingRunner(workspace, join(folder.path, 'temporary')).runner,
        artifacts: () => artifacts,
        summarise: async (markdown) => void summaries.push(markdown),
        userCache: join(folder.path, 'cache'),
        ...place,
        ...changes,
      },
    )
  }
  const green = (stage: StageResult['stage'], changes: Parameters<typeof stageResult>[2] = {}) =>
    stageResult(stage, 'pass', { commit, attempt: ATTEMPT, ...changes })
  return {
    artifacts,
    summaries,
    path: folder.path,
    green,
    job: inJob,
    /** Every stage that there is, green, with changes. */
    async stages(name = '', changes: Partial<Record<string, StageResult>> = {}) {
      for (const stage of JOB_NAMES.flatMap(stagesOf).filter((one) => !LATER_STAGES.includes(one))) {
        const result = stage in changes ? changes[stage] : green(stage)
        if (result) await inJob(coming(result), { name })
      }
    },
    async report(inputs: Readonly<Record<string, string>> = {}, changes: Parameters<typeof inJob>[2] = {}) {
      return inJob(await loadAction('pipeline-report'), { needs: needs(), ...inputs }, changes)
    },
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

/** toJSON(needs) of a run in which every job that has a stage ended well. */
function needs(changes: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify(
    Object.fromEntries(
      JOB_NAMES.map((job) => {
        const isLater = stagesOf(job).every((stage) => LATER_STAGES.includes(stage))
        const result = changes[job] ?? (isLater ? 'skipped' : 'success')
        return [job, { result, outputs: { attempt: String(ATTEMPT) } }]
      }),
    ),
  )
}

describe('the report of a run', () => {
  test('is green when every job left green evidence, and is kept as page, XML and JSON', async () => {
    await using run = await openRun()
    await run.stages()
    const { outputs, effective } = await run.report()
    expect(effective).toBe('pass')
    expect(outputs).toMatchObject({ verdict: 'pass', partial: false, reportArtifact: 'mesh-report' })
    expect(outputs.stages).toMatchObject({ 'docker-smoke': 'pass', 'load-test': 'skipped' })
    const kept = join(run.path, 'artifacts', 'run', 'mesh-report')
    expect(readFileSync(join(kept, 'report.html'), 'utf8')).toContain('Everything that was asked is proven')
    expect(readFileSync(join(kept, 'junit.xml'), 'utf8')).toContain('<testsuite ')
    expect(JSON.parse(readFileSync(join(kept, 'report.json'), 'utf8'))).toMatchObject({ verdict: 'pass' })
    expect(run.summaries.at(-1)).toMatch(/^## ✅ Everything/)
  })

  test('is red with its cause in one line when a job left nothing', async () => {
    await using run = await openRun()
    await run.stages('', { 'docker-smoke': undefined })
    const { effective, cause } = await run.report()
    expect(effective).toBe('fail')
    expect(cause).toBe('docker-smoke is red: docker-build ended well, but left no result of docker-smoke.')
  })

  test('says why the toolchain of a job could not be had', async () => {
    await using run = await openRun()
    await run.stages('', { 'docker-smoke': undefined })
    const setup = stageResult('setup-mesh-toolchain', 'fail', { commit: COMMIT, attempt: ATTEMPT })
    await run.job(coming(setup), {}, { job: 'docker-build' })
    const { cause } = await run.report({ needs: needs({ 'docker-build': 'failure' }) })
    expect(cause).toBe('docker-smoke is red: docker-build failed before it had a result: it is so: as told.')
  })

  test('does not take for green what ran with a toolchain whose result was damaged', async () => {
    await using run = await openRun({ attempt: ATTEMPT })
    await run.stages()
    const setup = stageResult('setup-mesh-toolchain', 'fail', { commit: COMMIT, attempt: ATTEMPT })
    await run.job(coming(setup), {}, { job: 'docker-build' })
    const left = join(run.path, 'artifacts', 'run', 'mesh-setup-mesh-toolchain-docker-build')
    writeFileSync(join(left, '.mesh', 'results', 'setup-mesh-toolchain.json'), '{')
    expect(await run.report()).toMatchObject({
      effective: 'inconclusive',
      cause:
        'docker-smoke could not be proven: its toolchain cannot be believed: setup-mesh-toolchain.json: it is no JSON.',
    })
  })

  test('holds the evidence of its own pipeline alone, whatever others are called', async () => {
    await using run = await openRun()
    await run.stages('one')
    await run.stages('one-more', { 'docker-smoke': stageResult('docker-smoke', 'fail', { commit: COMMIT }) })
    expect((await run.report({ name: 'one' })).effective).toBe('pass')
    expect((await run.report({ name: 'one-more' })).effective).toBe('fail')
    expect((await run.report()).effective).toBe('fail')
  })

  test('is not stopped by a mistake in the project file, which is a job’s to tell', async () => {
    await using run = await openRun()
    await run.stages()
    const { effective } = await run.report({ config: 'mesh.yml' }, { files: { 'mesh.yml': 'go: [broken' } })
    expect(effective).toBe('pass')
  })

  test('of what could not be proven ends as on-inconclusive says', async () => {
    await using run = await openRun()
    await run.stages('', {
      'docker-smoke': stageResult('docker-smoke', 'inconclusive', { commit: COMMIT, attempt: ATTEMPT }),
    })
    expect((await run.report()).effective).toBe('inconclusive')
    const forgiven = await run.report({ onInconclusive: 'warn' })
    expect(forgiven).toMatchObject({ effective: 'pass', outputs: { verdict: 'inconclusive' } })
  })

  test('of a pipeline in which nothing ran is red, whatever is let pass', async () => {
    await using run = await openRun()
    const skip = JOB_NAMES.flatMap(stagesOf).join()
    const all = Object.fromEntries(JOB_NAMES.map((job) => [job, 'skipped']))
    const { effective } = await run.report({ skip, needs: needs(all), onInconclusive: 'warn' })
    expect(effective).toBe('fail')
  })

  test('goes by the commit of the run, not by what else lies on the runner', async () => {
    await using run = await openRun()
    await run.stages()
    const { effective } = await run.report({}, { commit: COMMIT })
    expect(effective).toBe('pass')
    const other = await run.report({}, { commit: 'f00' })
    expect(other.cause).toMatch(/its result is of commit c0ffee, not of f00/)
  })

  test('that cannot be uploaded still has its verdict, its summary and its outputs', async () => {
    await using run = await openRun()
    await run.stages()
    const full: Artifacts = {
      ...run.artifacts,
      upload: async () => {
        throw new ConfigurationError('cannot upload the artifact: the quota is full')
      },
    }
    const { effective, outputs } = await run.report({}, { artifacts: () => full })
    expect(effective).toBe('pass')
    expect(outputs).toMatchObject({ verdict: 'pass', reportArtifact: '' })
    expect(run.summaries.at(-1)).toMatch(/^## ✅/)
  })

  test('tells of the project that the jobs worked on how its stages are run from the top of the repository', async () => {
    await using run = await openRun()
    await run.stages('', { 'docker-smoke': undefined })
    const { outputs } = await run.report({ project: './services/a mesh/', config: './ci/mesh.yml' })
    const told =
      "mesh-actions run setup-mesh-toolchain cross-compile-go docker-smoke --project 'services/a mesh' --config ci/mesh.yml"
    expect(run.summaries.at(-1)).toContain(`Run it locally: \`${told}\``)
    const read = (name: string) =>
      readFileSync(join(String(outputs.report), name), 'utf8')
        .replaceAll('&#39;', "'")
        .replaceAll('&apos;', "'")
    expect(read('report.html').split(`Run it locally: <code>${told}</code>`)).toHaveLength(3)
    expect(read('junit.xml')).toContain(`run it locally: ${told}<`)
  })

  test('of one job tells the same of its own working-directory', async () => {
    await using run = await openRun()
    await run.report({ evidence: 'folder', workingDirectory: 'mesh' }, { files: { 'mesh/.keep': '' } })
    expect(run.summaries.at(-1)).toContain(
      'Run it locally: `mesh-actions run cross-compile-go --project mesh`',
    )
  })

  test('refuses a stage to leave out that is none', async () => {
    await using run = await openRun()
    await expect(run.report({ skip: 'docker-smok' })).rejects.toMatchObject({
      oneLine: expect.stringMatching(
        /^skip: expected some of .*, found "docker-smok"; did you mean docker-smoke\?$/,
      ),
    })
  })
})

describe('figures', () => {
  /** A cache as a folder. */
  const store = (folder: string): CacheStore & { readonly saved: string[] } => {
    const saved: string[] = []
    return {
      saved,
      async restore(target, _key, prefixes) {
        const found = saved.findLast((key) => prefixes.some((prefix) => key.startsWith(prefix)))
        if (found !== undefined) cpSync(join(folder, found), target, { recursive: true })
        return found
      },
      async save(source, key) {
        cpSync(source, join(folder, key), { recursive: true })
        saved.push(key)
      },
    }
  }
  const withImage = (bytes: number, commit = COMMIT) => ({
    'docker-smoke': stageResult('docker-smoke', 'pass', {
      commit,
      attempt: ATTEMPT,
      data: { images: [{ name: 'registry', uncompressedBytes: bytes }] },
    }),
  })

  test('are kept on the default branch alone, and later runs tell the change', async () => {
    await using folder = await folderWith({})
    const caches = store(folder.path)
    await using first = await openRun({ caches, savesCaches: true })
    await first.stages('', withImage(10_000_000))
    expect((await first.report()).outputs.imageSizes).toEqual({ registry: 10_000_000 })
    expect(caches.saved).toHaveLength(1)

    await using second = await openRun({ caches, savesCaches: false, commit: 'f00' })
    await second.stages('', withImage(11_000_000, 'f00'))
    await second.report()
    expect(second.summaries.at(-1)).toContain('| image registry | 10.5 MiB | +976.6 KiB (+10.0 %) |')
    expect(caches.saved).toHaveLength(1)
  })

  test('of a commit that is run again are compared with those of the last other one, not with its own', async () => {
    await using folder = await folderWith({})
    const caches = store(folder.path)
    const changeIn = async (commit: string, attempt: number, bytes: number) => {
      await using run = await openRun({ caches, savesCaches: true, commit, attempt })
      await run.stages('', withImage(bytes, commit))
      await run.report()
      return /\| image registry \| [^|]* \| (.*) \|/.exec(run.summaries.at(-1) ?? '')?.[1]
    }
    expect(await changeIn('f00', 2, 10_000_000)).toBe('')
    expect(await changeIn('f00', 3, 10_000_000)).toBe('')
    expect(await changeIn('f01', 2, 11_000_000)).toBe('+976.6 KiB (+10.0 %)')
    expect(await changeIn('f01', 3, 11_000_000)).toBe('+976.6 KiB (+10.0 %)')
    expect(await changeIn('f01', 4, 12_000_000)).toBe('+1.9 MiB (+20.0 %)')
    expect(await changeIn('f02', 2, 12_000_000)).toBe('none')
    expect(caches.saved).toHaveLength(6)
  })

  test('that cannot be had or kept cost a line in the log and no verdict', async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('the service is down')
    }
    await using run = await openRun({ caches: { restore: refuse, save: refuse }, savesCaches: true })
    await run.stages('', withImage(10_000_000))
    expect((await run.report()).effective).toBe('pass')
    expect(existsSync(join(run.path, 'cache'))).toBe(true)
  })
})
