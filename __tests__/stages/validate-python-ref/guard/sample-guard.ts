import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadProject } from '../../../../src/project/load.ts'
import type { Check } from '../../../../src/result/stage-result.ts'
import { printBaseline } from '../../../../src/stages/validate-python-ref/guard/baseline-file.ts'
import { guard } from '../../../../src/stages/validate-python-ref/guard/index.ts'
import { takeFiles } from '../../../../src/stages/validate-python-ref/guard/take.ts'
import { commitAll, copySample } from '../../../support/sample.ts'
import { stageContext } from '../../../support/stage-context.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** A copy of the sample with a baseline of its own, committed; gone when its scope ends. */
export async function guardedSample() {
  const folder = await temporaryFolder()
  copySample(folder.path)
  await writeBaseline(folder.path)
  commitAll(folder.path)
  return folder
}

/** Writes the guard's part of a baseline as things are. */
export async function writeBaseline(directory: string): Promise<void> {
  const taken = await takeFiles(loadProject({ directory }), new AbortController().signal)
  const text = printBaseline({ ...taken, surface: [], testsRun: new Map() })
  writeFileSync(join(directory, 'mesh.baseline'), text)
}

/** What the guard finds in a project, its checks on exceptions included. */
export async function guarded(
  directory: string,
  options: {
    readonly base?: string
    readonly isMerge?: boolean
    readonly today?: string
    readonly file?: string
  } = {},
) {
  const context = stageContext(directory)
  const { today, file } = options
  const result = await guard(
    loadProject({ directory, file }),
    { base: options.base, isMerge: options.isMerge ?? false },
    today === undefined ? context : { ...context, now: () => new Date(`${today}T12:00:00Z`) },
  )
  const checks = [...result.checks, ...result.exceptions.checks(true)]
  return { ...result, checks, red: checks.filter(({ verdict }) => verdict === 'fail') }
}

/** Each check as `id: verdict: detail`. */
export function told(checks: readonly Check[]): readonly string[] {
  return checks.map(({ id, verdict, detail }) => `${id}: ${verdict}: ${detail}`)
}
