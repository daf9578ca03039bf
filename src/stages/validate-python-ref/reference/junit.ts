import type { XMLParser } from 'fast-xml-parser'

/** How a test ended. An error is a failure outside of the test itself: in its fixtures, or while it was collected. */
type TestOutcome = 'passed' | 'failed' | 'error' | 'skipped' | 'xfailed'

/** One test of a report. */
export interface TestResult {
  /** As pytest names it: tests/test_a.py::TestA::test_b[c]. */
  readonly id: string
  readonly outcome: TestOutcome
  readonly durationMs: number
  /** Where it stands; after a failure the line of it that failed. Relative to the folder that pytest calls rootdir. */
  readonly file?: string
  readonly line?: number
  /** Why it did not pass, in one line. */
  readonly message?: string
}

interface Verdict {
  readonly message?: string
  readonly type?: string
  readonly text?: string
}

interface TestCase {
  readonly classname?: string
  readonly name?: string
  readonly file?: string
  readonly line?: string
  readonly time?: string
  readonly failure?: readonly (Verdict | string)[]
  readonly error?: readonly (Verdict | string)[]
  readonly skipped?: readonly (Verdict | string)[]
}

/** From the best to the worst: a test that fails and whose fixture then fails as well is reported twice. */
const WORSE: readonly TestOutcome[] = ['passed', 'skipped', 'xfailed', 'error', 'failed']

/** Reads a report in pytest's `xunit1` format. Throws for a text that is no XML. */
export async function readJunit(xml: string): Promise<readonly TestResult[]> {
  const { XMLParser: Parser } = await import('fast-xml-parser')
  const cases = testCases(parserOf(Parser).parse(xml, true))
  const results = new Map<string, TestResult>()
  for (const one of cases.map(resultOf)) {
    const earlier = results.get(one.id)
    if (earlier === undefined) results.set(one.id, one)
    else results.set(one.id, worse(earlier, one))
  }
  return [...results.values()]
}

function parserOf(Parser: typeof XMLParser): XMLParser {
  return new Parser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    textNodeName: 'text',
    parseAttributeValue: false,
    parseTagValue: false,
    trimValues: false,
    // Line ends in attributes are written as &#10;.
    htmlEntities: true,
    // The limits are against documents that define entities of their own; the output of tests has many plain ones.
    processEntities: {
      enabled: true,
      maxTotalExpansions: Number.MAX_SAFE_INTEGER,
      maxExpandedLength: Number.MAX_SAFE_INTEGER,
    },
    isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
  })
}

function testCases(document: unknown): readonly TestCase[] {
  const { testsuites, testsuite } = document as {
    testsuites?: { testsuite?: readonly Suite[] }
    testsuite?: readonly Suite[]
  }
  return [...(testsuites?.testsuite ?? []), ...(testsuite ?? [])].flatMap((suite) =>
    typeof suite === 'object' ? (suite.testcase ?? []) : [],
  )
}

interface Suite {
  readonly testcase?: readonly TestCase[]
}

function resultOf(one: TestCase): TestResult {
  const { outcome, verdict } = outcomeOf(one)
  const { file } = one
  const failing = outcome === 'failed' || outcome === 'error'
  const line = (failing ? lineIn(verdict?.text ?? '', file) : undefined) ?? lineOf(one)
  const message = verdict && messageOf(verdict)
  return {
    id: idOf(one),
    outcome,
    durationMs: Math.round(Number(one.time ?? 0) * 1000),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(message ? { message } : {}),
  }
}

function outcomeOf(one: TestCase): {
  readonly outcome: TestOutcome
  readonly verdict: Verdict | undefined
} {
  const first = (list: readonly (Verdict | string)[] | undefined): Verdict | undefined =>
    typeof list?.[0] === 'string' ? { text: list[0] } : list?.[0]
  if (one.failure) return { outcome: 'failed', verdict: first(one.failure) }
  if (one.error) return { outcome: 'error', verdict: first(one.error) }
  const skipped = first(one.skipped)
  if (!one.skipped) return { outcome: 'passed', verdict: undefined }
  return { outcome: skipped?.type === 'pytest.xfail' ? 'xfailed' : 'skipped', verdict: skipped }
}

/** The report has the class within the module's dotted name, and of a file that cannot be collected only that. */
function idOf({ classname = '', name = '', file }: TestCase): string {
  if (file === undefined) return [classname, name].filter((part) => part !== '').join('::')
  const module = file.replace(/\.py$/, '').replaceAll(/[/\\]/g, '.')
  if (classname === '' && name === module) return file
  const inner = classname.startsWith(`${module}.`) ? classname.slice(module.length + 1).split('.') : []
  return [file, ...inner, name].join('::')
}

/** Counted from 0 in the report. */
function lineOf({ line }: TestCase): number | undefined {
  return line === undefined ? undefined : Number(line) + 1
}

/** The last line of the test's own file that a traceback of pytest's goes through. */
function lineIn(text: string, file: string | undefined): number | undefined {
  if (file === undefined) return undefined
  const lines = text.split('\n').flatMap((line) => {
    const [, place, number] = /^(?:E\s+File ")?(\S.*?)(?:", line |:)(\d+)(?:$|:)/.exec(line) ?? []
    return place === file || place?.endsWith(`/${file}`) ? [Number(number)] : []
  })
  return lines.at(-1)
}

function messageOf({ message, text = '' }: Verdict): string {
  const said = text.split('\n').flatMap((line) => /^E\s+(\S.*)$/.exec(line)?.[1] ?? [])
  const fixture = said.find((line) => /^fixture '.*' not found$/.test(line))
  const isGeneral = message === undefined || /^(collection failure$|failed on setup)/.test(message)
  const chosen = fixture ?? (isGeneral ? (said.at(-1) ?? message) : message) ?? ''
  return chosen.split(/\r?\n/, 1)[0]?.trim().slice(0, 300) ?? ''
}

function worse(a: TestResult, b: TestResult): TestResult {
  const [bad, good] = WORSE.indexOf(a.outcome) >= WORSE.indexOf(b.outcome) ? [a, b] : [b, a]
  return { ...bad, durationMs: bad.durationMs + good.durationMs }
}
