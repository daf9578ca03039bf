import { XMLBuilder } from 'fast-xml-parser'
import { describe, kindOf } from '../result/judge.ts'
import type { Check } from '../result/stage-result.ts'
import type { Stage } from '../result/stages.ts'
import { overall, type Verdict } from '../result/verdict.ts'
import { measuredInWords } from './measured.ts'
import type { PipelineReport, StageReport } from './model.ts'
import { visible, visibleLine } from './visible.ts'

/**
 * The report as JUnit XML: a testsuite for each part of a stage, a testcase for each check. What is inconclusive is an
 * error, since the readers of this form know no third verdict and would else take it for a pass.
 */
export function junitXml(report: PipelineReport): string {
  const suites = report.stages.flatMap(suitesOf)
  const tests = suites.flatMap((suite) => suite.cases)
  return builder().build({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    testsuites: {
      '@_name': visibleLine(`mesh-actions ${report.project}`),
      ...countsOf(tests),
      '@_time': seconds(suites.reduce((sum, suite) => sum + suite.durationMs, 0)),
      testsuite: suites.map(({ name, cases, durationMs, startedAt }) => ({
        '@_name': name,
        ...countsOf(cases),
        '@_time': seconds(durationMs),
        ...(startedAt === undefined ? {} : { '@_timestamp': startedAt }),
        testcase: cases.map(testcase),
      })),
    },
  })
}

function builder(): XMLBuilder {
  return new XMLBuilder({
    format: true,
    ignoreAttributes: false,
    suppressEmptyNode: true,
    // A name may be "true".
    suppressBooleanAttributes: false,
  })
}

interface Suite {
  readonly name: string
  readonly durationMs: number
  readonly startedAt?: string
  readonly cases: readonly Case[]
}

interface Case {
  readonly stage: Stage
  readonly check: Check
  readonly local: string
}

/** A suite for each part, and one for the stage itself where its parts do not tell why it is not green. */
function suitesOf(report: StageReport): readonly Suite[] {
  const { stage, results, local } = report
  const parts = results.map((result): Suite => {
    const name = result.shard === undefined ? stage : `${stage} ${result.shard}`
    const cases = result.checks.map((check) => ({ stage, check, local }))
    return { name, durationMs: result.durationMs, startedAt: result.startedAt, cases }
  })
  if (results.length > 0 && overall(results.map(({ verdict }) => verdict)) === report.verdict) return parts
  const check: Check = {
    id: 'evidence',
    title: `every part of ${stage} ran and left evidence`,
    verdict: report.verdict,
    ...(report.cause === undefined ? {} : { detail: report.cause }),
  }
  return [...parts, { name: stage, durationMs: 0, cases: [{ stage, check, local }] }]
}

function testcase({ stage, check, local }: Case) {
  const { file, line } = check.location ?? {}
  return {
    '@_classname': `${stage}.${kindOf(check)}`,
    '@_name': visibleLine(check.title),
    // How long one check took is not known; readers want a number.
    '@_time': seconds(0),
    ...(file === undefined ? {} : { '@_file': visibleLine(file) }),
    ...(line === undefined ? {} : { '@_line': String(line) }),
    ...outcome(check, local),
  }
}

function outcome(check: Check, local: string) {
  const told = {
    '@_message': visibleLine(describe(check)),
    '@_type': check.verdict,
    '#text': visible(
      [
        check.detail ?? check.verdict,
        measuredInWords(check),
        check.fix && `fix: ${check.fix}`,
        `run it locally: ${local}`,
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
    ),
  }
  switch (check.verdict) {
    case 'pass':
      return {}
    case 'fail':
      return { failure: told }
    case 'inconclusive':
      return { error: told }
    case 'skipped':
      return { skipped: check.detail === undefined ? '' : { '@_message': visibleLine(check.detail) } }
    default:
      return check.verdict satisfies never
  }
}

function countsOf(cases: readonly Case[]) {
  const count = (verdict: Verdict) => String(cases.filter(({ check }) => check.verdict === verdict).length)
  return {
    '@_tests': String(cases.length),
    '@_failures': count('fail'),
    '@_errors': count('inconclusive'),
    '@_skipped': count('skipped'),
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
