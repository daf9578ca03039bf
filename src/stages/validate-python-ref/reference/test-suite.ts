import { resolve } from 'node:path'
import type { Project } from '../../../project/load.ts'
import type { FunctionResult } from './function-results.ts'
import type { TestResult } from './junit.ts'
import { locationIn } from './place.ts'
import type { Fault, PytestRun } from './pytest-fault.ts'

/** How many of a folder's slowest tests are told. */
const SLOWEST = 10

interface TestCounts {
  readonly collected: number
  /** Those that had to pass: neither skipped nor expected to fail. */
  readonly ran: number
  readonly passed: number
  /** With those that end in an error. */
  readonly failed: number
  readonly skipped: number
  readonly xfailed: number
}

/** What pytest found in one folder. */
export interface TestSuite {
  /** As mesh.yml names it. */
  readonly folder: string
  /** The version of pytest that ran. */
  readonly pytest: string | undefined
  readonly durationMs: number
  readonly counts: TestCounts
  /** Files are relative to the project. */
  readonly tests: readonly TestResult[]
  readonly slowest: readonly { readonly id: string; readonly durationMs: number }[]
}

/** One folder and what came of it. */
export interface Attempt {
  readonly folder: string
  readonly suite: TestSuite | undefined
  readonly functions: readonly FunctionResult[]
  readonly fault: Fault | undefined
  /** What became of it before. */
  readonly earlier?: string
}

/** What a run of pytest whose rootdir is `root` found in a folder. */
export function suiteOf(project: Project, folder: string, root: string, run: PytestRun): TestSuite {
  const tests = (run.tests ?? []).map(({ file, ...test }): TestResult => {
    const path = file === undefined ? undefined : locationIn(project, resolve(root, file)).location?.file
    return path === undefined ? test : { ...test, file: path }
  })
  const number = (...outcomes: readonly TestResult['outcome'][]) =>
    tests.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    folder,
    pytest: run.progress.version,
    durationMs: Math.round(run.outcome.durationMs),
    counts: {
      collected: Math.max(run.progress.collected ?? 0, tests.length),
      ran: tests.length - number('skipped', 'xfailed'),
      passed: number('passed'),
      failed: number('failed', 'error'),
      skipped: number('skipped'),
      xfailed: number('xfailed'),
    },
    tests,
    slowest: [...tests]
      .sort((a, b) => b.durationMs - a.durationMs)
      .slice(0, SLOWEST)
      .map(({ id, durationMs }) => ({ id, durationMs })),
  }
}

/** The tests that fail, or end in an error. */
export function failuresOf(suite: TestSuite | undefined): readonly TestResult[] {
  return suite?.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error') ?? []
}
