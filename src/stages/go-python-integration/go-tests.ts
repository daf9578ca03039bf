import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { neutralise } from '../../process/neutralise.ts'
import { ending, run } from '../../process/run.ts'
import type { Project } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { tagFlags } from './go-build.ts'
import { parseEvents, type TestEvent } from './go-test-events.ts'
import { failedBuilds, failedTests, saidByFailed } from './go-test-failures.ts'

/** A test that ran. */
export interface GoTest {
  /** Import path of its package and its name, as in example.com/mesh/internal/cli.TestStart. */
  readonly id: string
  readonly outcome: 'pass' | 'fail' | 'skip'
  readonly durationMs: number
}

export interface GoTests {
  readonly checks: readonly Check[]
  readonly tests: readonly GoTest[]
}

const SHOWN = 20
/** Lines of what failed that go to the log. */
const SAID = 500

/** Runs the project's Go tests. None at all, or none that was not skipped, is red: nothing was proved. */
export async function goTests(project: Project, timeoutMs: number, context: StageContext): Promise<GoTests> {
  const { directory, tags, tests: patterns } = project.config.go
  const check = { id: 'go-tests', title: 'the Go tests pass' }
  if (patterns.length === 0) {
    return { checks: [{ ...check, verdict: 'skipped', detail: 'go.tests is empty' }], tests: [] }
  }
  const folder = project.resolve(directory)
  const { outcome, events, stray } = await context.log.task(
    `go test ${patterns.join(' ')}`,
    async (output) => {
      const ended = await run(['go', 'test', '-json', ...tagFlags(tags), ...patterns], {
        cwd: folder,
        temporary: context.temporary,
        timeoutMs,
        signal: context.signal,
        stdout: 'capture',
        output,
      })
      const read = parseEvents(ended.stdout)
      for (const line of saidByFailed(read.events).slice(0, SAID)) output(neutralise(line))
      return { outcome: ended, ...read }
    },
  )
  const tests = testsIn(events)
  const count = (wanted: GoTest['outcome']) => tests.filter((test) => test.outcome === wanted).length
  const measured = { value: count('pass'), unit: 'count' } as const
  const module = { directory, root: await realpath(folder), path: await modulePath(folder) }
  const red = [...failedBuilds(events, module), ...failedTests(events, module)]
  const fail = (detail: string): GoTests => ({
    checks: [{ ...check, verdict: 'fail', detail, measured }, ...red.slice(0, SHOWN)],
    tests,
  })
  if (outcome.ended === 'timed-out') return fail(`${ending(outcome)}; ${running(events)}`)
  if (red.length > 0) {
    return fail(`${red.length} failed of ${tests.length}${red.length > SHOWN ? `; ${SHOWN} are shown` : ''}`)
  }
  if (outcome.code !== 0) {
    return fail(`${ending(outcome)}: ${complaint([...outcome.tail, ...stray])}`)
  }
  if (tests.length === 0) return fail(`there is no test in ${patterns.join(' ')}`)
  if (count('pass') === 0) return fail(`all ${tests.length} tests are skipped`)
  const skipped = count('skip') > 0 ? `, ${count('skip')} skipped` : ''
  return {
    checks: [{ ...check, verdict: 'pass', detail: `${count('pass')} passed${skipped}`, measured }],
    tests,
  }
}

/** What Go says where it does not come to testing: a heading, and what it is about. */
function complaint(lines: readonly string[]): string {
  const said = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^go: downloading /.test(line))
  return said.slice(0, 2).join(' ')
}

/** The ten that took longest, the slowest first. */
export function slowest(tests: readonly GoTest[]): readonly GoTest[] {
  return [...tests].sort((one, other) => other.durationMs - one.durationMs).slice(0, 10)
}

function testsIn(events: readonly TestEvent[]): readonly GoTest[] {
  return events.flatMap(({ Action, Package, Test, Elapsed }): GoTest[] => {
    if (Test === undefined || (Action !== 'pass' && Action !== 'fail' && Action !== 'skip')) return []
    return [{ id: `${Package}.${Test}`, outcome: Action, durationMs: (Elapsed ?? 0) * 1000 }]
  })
}

/** Tests that began and did not end. */
function running(events: readonly TestEvent[]): string {
  const open = new Set<string>()
  for (const { Action, Package, Test } of events) {
    if (Test === undefined) continue
    if (Action === 'run') open.add(`${Package}.${Test}`)
    if (Action === 'pass' || Action === 'fail' || Action === 'skip') open.delete(`${Package}.${Test}`)
  }
  return open.size > 0 ? `${[...open].slice(0, 3).join(', ')} did not end` : 'no test was running'
}

/** What go.mod calls the module; empty where it cannot be read, which Go itself then tells. */
async function modulePath(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'go.mod'), 'utf8').catch(() => '')
  return /^module\s+"?([^\s"]+)/m.exec(text)?.[1] ?? ''
}
