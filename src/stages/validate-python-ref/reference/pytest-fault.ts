import { ending, type Outcome } from '../../../process/run.ts'
import { failureOf } from '../../../toolchain/command.ts'
import type { TestResult } from './junit.ts'
import { pluginFor } from './pytest-plugins.ts'
import type { Progress } from './pytest-record.ts'

/** Why a run of pytest is no pass, apart from what single tests say. */
export interface Fault {
  readonly detail: string
  readonly fix?: string
  /** Relative to pytest's rootdir. */
  readonly file?: string
  readonly line?: number
  /** Whether it may have come of what ran beside it, so that another run alone is worth its time. */
  readonly isChance: boolean
}

/** What a run of pytest left: how it ended, what it noted on the way, and its report, where it wrote one. */
export interface PytestRun {
  readonly outcome: Outcome
  readonly progress: Progress
  readonly tests: readonly TestResult[] | undefined
}

/** The exit codes of pytest: 0 passed, 1 failed, 2 interrupted, 3 internal error, 4 usage, 5 nothing collected. */
const EXIT = { passed: 0, failed: 1, interrupted: 2, internal: 3, usage: 4, nothing: 5 } as const

/** What is wrong with a run in whole; undefined when it is as good as its tests. */
export function faultOf(run: PytestRun): Fault | undefined {
  const { outcome, progress, tests } = run
  if (outcome.ended === 'timed-out') return hung(run)
  if (!progress.hasEnded) return died(run)
  switch (progress.code) {
    case EXIT.usage:
      return usage(outcome.tail)
    case EXIT.internal:
      return internal(outcome.tail)
    case EXIT.interrupted:
      return uncollected(tests) ?? interrupted(outcome.tail)
    case EXIT.nothing:
      return skipped(tests ?? []) ?? nothing(progress)
    default:
      break
  }
  if (tests === undefined) return certain(`pytest wrote no report that can be read (${ending(outcome)})`)
  return uncollected(tests) ?? (tests.length === 0 ? nothing(progress) : undefined) ?? incomplete(run, tests)
}

function certain(detail: string, more: Partial<Fault> = {}): Fault {
  return { detail, isChance: false, ...more }
}

function perhaps(detail: string, more: Partial<Fault> = {}): Fault {
  return { detail, isChance: true, ...more }
}

function hung({ outcome, progress }: PytestRun): Fault {
  const time = ending(outcome)
  const [first, ...others] = progress.running
  if (first) {
    const also = others.length > 0 ? ` (and ${others.length} beside it)` : ''
    const { file, line } = first
    return perhaps(`${first.id} hangs${also}: ${time}; the log has its stack`, { file, line })
  }
  if (progress.hasEnded) return perhaps(`its tests have ended and the interpreter has not: ${time}`)
  if (progress.collected === undefined) return perhaps(`it hangs while tests are collected: ${time}`)
  return perhaps(`it hangs between two tests: ${time}`)
}

function died({ outcome, progress }: PytestRun): Fault {
  const [first] = progress.running
  if (first) {
    const { file, line } = first
    return perhaps(`${first.id} ends the interpreter: ${ending(outcome)}`, { file, line })
  }
  const what = progress.version === undefined ? 'pytest does not start' : 'pytest ends before its time'
  return perhaps(`${what}: ${failureOf(outcome)}`)
}

function usage(tail: readonly string[]): Fault {
  const loading = tail.findIndex((line) => line.startsWith('ImportError while loading conftest'))
  if (loading >= 0) {
    const file = /'(.+?)'/.exec(tail[loading] ?? '')?.[1]
    const said = tail.flatMap((line) => /^E\s+(\S.*)$/.exec(line)?.[1] ?? []).at(-1)
    return certain(`conftest.py cannot be loaded: ${said ?? 'the log says why'}`, file ? { file } : {})
  }
  const lines = tail.flatMap((line) => /^(?:ERROR|.*: error): (?!usage:)(.*)$/.exec(line)?.[1] ?? [])
  const said = lines.join('; ') || tail.findLast((line) => line.trim() !== '') || 'usage error'
  const plugin = pluginFor(said)
  const required = /Missing required plugins: (.*)/.exec(said)?.[1]
  const missing = /Error importing plugin "(.+?)"/.exec(said)?.[1]
  if (required !== undefined) {
    return certain(`it misses the plugins that it requires: ${required}`, { fix: `install ${required}` })
  }
  if (missing !== undefined) {
    return certain(`it misses the plugin ${missing}`, { fix: `install ${plugin ?? missing}` })
  }
  return certain(`pytest refuses how it is called: ${said}`, {
    ...(plugin ? { fix: `install ${plugin}, which has this option, or leave the option out` } : {}),
  })
}

function internal(tail: readonly string[]): Fault {
  const said = tail.flatMap((line) => /^INTERNALERROR> (?:E\s+)?(\S.*)$/.exec(line)?.[1] ?? []).at(-1)
  return perhaps(`pytest has an internal error: ${said ?? 'the log has it'}`)
}

function uncollected(tests: readonly TestResult[] | undefined): Fault | undefined {
  const [first, ...others] =
    tests?.filter(({ id, outcome }) => outcome === 'error' && !id.includes('::')) ?? []
  if (!first) return undefined
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  const { id, message, file, line } = first
  return perhaps(`${id} cannot be collected: ${message ?? 'the log says why'}${more}`, {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  })
}

function interrupted(tail: readonly string[]): Fault {
  const said = tail.flatMap((line) => /^!{3,} (.+?) !{3,}$/.exec(line)?.[1] ?? []).at(-1)
  return perhaps(`it was interrupted: ${said ?? 'the log says by what'}`)
}

function nothing({ deselected }: Progress): Fault {
  return deselected > 0
    ? certain(`all ${deselected} tests that were found are deselected`)
    : certain('no tests were found', { fix: 'name the folders that have tests in python.tests' })
}

/** What pytest itself would let pass. */
function incomplete({ outcome, progress }: PytestRun, tests: readonly TestResult[]): Fault | undefined {
  const failing = tests.filter((one) => one.outcome === 'failed' || one.outcome === 'error')
  if (failing.length > 0) return undefined
  if (outcome.ended !== 'exited' || outcome.code !== EXIT.passed) {
    return perhaps(`no test fails and yet pytest does: ${failureOf(outcome)}`)
  }
  const [open] = progress.running
  if (open) {
    // The report calls it passed: it has nothing against it.
    const { id, file, line } = open
    const ended = tests.length - progress.running.length
    return perhaps(`it ended in ${id}, after ${ended} of ${progress.collected} tests`, { file, line })
  }
  if (progress.collected !== undefined && tests.length < progress.collected) {
    return perhaps(`it ended after ${tests.length} of ${progress.collected} tests`)
  }
  const counted = (what: TestResult['outcome']) => tests.filter((one) => one.outcome === what).length
  const called = progress.results.filter(({ when, outcome: how }) => when === 'call' && how === 'passed')
  const uncalled = counted('passed') - new Set(called.map(({ id }) => id)).size
  if (uncalled > 0) {
    // The report calls a test passed that had nothing to fail in.
    return certain(`${uncalled} of ${tests.length} tests were set up and not run`, {
      fix: 'take --setup-only and --setup-plan out of its options',
    })
  }
  const unproven = skipped(tests)
  if (unproven) return unproven
  if (counted('passed') === 0) {
    return certain(`not one of ${tests.length} tests passes: all that are not skipped are expected to fail`)
  }
  return undefined
}

/** Nothing was proven. */
function skipped(tests: readonly TestResult[]): Fault | undefined {
  if (tests.length === 0 || tests.some((one) => one.outcome !== 'skipped')) return undefined
  return certain(`every one of ${tests.length} tests is skipped`)
}
