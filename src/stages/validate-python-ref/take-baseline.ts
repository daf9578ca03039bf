import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { describe } from '../../result/judge.ts'
import { isOpen } from '../../result/verdict.ts'
import { writeWhole } from '../../result/write-whole.ts'
import type { ToolPlaces } from '../../toolchain/tool.ts'
import { type Baseline, printBaseline } from './guard/baseline-file.ts'
import { readBaseline } from './guard/read.ts'
import { takeFiles } from './guard/take.ts'
import { readSurface } from './reference/surface.ts'
import { runTests } from './reference/tests.ts'

/**
 * Takes a baseline of the reference as it is now. Throws a ConfigurationError where that cannot be a measure for
 * anything: names that cannot be read, tests that do not pass.
 */
export async function takeBaseline(
  project: Project,
  places: ToolPlaces,
  options: { readonly testArguments: readonly string[]; readonly timeoutMs: number },
): Promise<Baseline> {
  const files = await takeFiles(project, places.signal)
  const names = await readSurface(project, places)
  if ('failure' in names) throw new ConfigurationError(`no baseline is written: ${names.failure}`)
  const { checks, suites, functions } = await runTests(project, places, {
    arguments: options.testArguments,
    timeoutMs: options.timeoutMs,
  })
  const red = checks.find(({ verdict }) => isOpen(verdict))
  if (red) {
    throw new ConfigurationError(`no baseline is written of a reference that does not work: ${describe(red)}`)
  }
  const ran = new Set(functions.flatMap((one) => (one.ran ? [one.id] : [])))
  return {
    ...files,
    // What never ran, by the project's own choice of tests, is not missed later.
    tests: files.tests.map((test) => (test.skipped || ran.has(test.id) ? test : { ...test, notRun: true })),
    surface: names.names.map(({ text }) => text),
    testsRun: new Map(suites.map(({ folder, counts }) => [folder, counts.ran])),
  }
}

/** What a baseline has that another one has not, in numbers of lines. */
export interface BaselineDifference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** Writes the project's baseline, whole or not at all; what is different from the one before. */
export async function writeBaseline(project: Project, baseline: Baseline): Promise<BaselineDifference> {
  const file = project.resolve(project.config.preserve.baseline)
  const before = await readBaseline(project).catch((error: unknown) => {
    // One that cannot be read is what this command mends.
    if (error instanceof ConfigurationError) return undefined
    throw error
  })
  const text = printBaseline(baseline)
  await writeWhole(file, text)
  const linesOf = (one: string) =>
    one.split('\n').filter((line) => line !== '' && !/^[#[]|^version /.test(line))
  const [old, now] = [new Set(before ? linesOf(printBaseline(before)) : []), new Set(linesOf(text))]
  return {
    added: [...now].filter((line) => !old.has(line)),
    removed: [...old].filter((line) => !now.has(line)),
  }
}
