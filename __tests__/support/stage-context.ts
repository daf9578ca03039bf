import type { Log, OutputSink } from '../../src/process/log.ts'
import type { Check, StageResult } from '../../src/result/stage-result.ts'
import type { StageContext } from '../../src/stages/context.ts'

/** The commit that stages under test are told. */
export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

export interface RecordedContext extends StageContext {
  /** What the stage said, its own words and its children's, in the order it came. */
  readonly lines: readonly string[]
}

/** A context for a stage under test, which keeps what it is told. `onTask` hears of each piece of work as it begins. */
export function stageContext(
  temporary: string,
  options: {
    readonly signal?: AbortSignal
    readonly commit?: string
    readonly onTask?: (title: string) => void
    readonly onLine?: OutputSink
  } = {},
): RecordedContext {
  const lines: string[] = []
  const keep: OutputSink = (line) => {
    lines.push(line)
    options.onLine?.(line)
  }
  const log: Log = {
    info: keep,
    warn: keep,
    task(title, work) {
      options.onTask?.(title)
      return work(keep)
    },
  }
  return {
    log,
    lines,
    signal: options.signal ?? new AbortController().signal,
    attempt: 1,
    commit: options.commit ?? COMMIT,
    now: () => new Date(),
    temporary,
    isDisturbed: () => false,
  }
}

/** The check of an id; a result without it is a mistake, of the stage or of the test. */
export function checkOf(result: StageResult, id: string): Check {
  const found = result.checks.filter((check) => check.id === id)
  const [check] = found
  if (!check || found.length > 1) {
    throw new Error(
      `${found.length} checks ${id}; there are ${result.checks.map((one) => one.id).join(', ')}`,
    )
  }
  return check
}

/** Every check with its verdict. */
export function verdicts(result: StageResult): Readonly<Record<string, string>> {
  return Object.fromEntries(result.checks.map((check) => [check.id, check.verdict]))
}
