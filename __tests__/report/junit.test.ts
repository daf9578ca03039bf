import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { junitXml } from '../../src/report/junit.ts'
import { visible, visibleLine } from '../../src/report/visible.ts'
import { GREEN, HOSTILE, PARTIAL, RED, resultOf, stageReport } from '../support/reports.ts'

interface Element {
  readonly [attribute: string]: string
}

interface TestCase {
  readonly name: string
  readonly classname: string
  readonly failure?: Element
  readonly error?: Element
  readonly skipped?: Element | string
}

interface Suite {
  readonly name: string
  readonly tests: string
  readonly time: string
  readonly timestamp?: string
  readonly testcase: readonly TestCase[]
}

interface Suites {
  readonly tests: string
  readonly time: string
  readonly testsuite: readonly Suite[]
}

function parse(xml: string): Suites {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    textNodeName: 'text',
    parseAttributeValue: false,
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => ['testsuite', 'testcase'].includes(name),
  })
  const { testsuites } = parser.parse(xml, true) as { readonly testsuites: Suites }
  return testsuites
}

describe('the report as JUnit', () => {
  test('has a suite for each part of a stage, a case for each check, and times in seconds', () => {
    const { testsuite, ...all } = parse(junitXml(GREEN))
    expect(all).toMatchObject({ tests: '45', failures: '0', errors: '0', skipped: '1', time: '147.400' })
    expect(testsuite.map(({ name, tests, time }) => [name, tests, time])).toEqual([
      ['validate-python-ref', '5', '21.400'],
      ['cross-compile-go 1/2', '18', '41.200'],
      ['cross-compile-go 2/2', '12', '40.200'],
      ['go-python-integration', '6', '31.900'],
      ['docker-smoke', '4', '12.700'],
    ])
    expect(testsuite[0]?.timestamp).toBe('2026-09-01T09:00:00.000Z')
    expect(testsuite[1]?.testcase[0]).toEqual({
      classname: 'cross-compile-go.built',
      name: 'registry builds for linux/amd64',
      time: '0.000',
    })
  })

  test('what failed is a failure, what is inconclusive an error, with cause and how to run it locally', () => {
    const suite = parse(junitXml(RED)).testsuite.find(({ name }) => name === 'docker-smoke')
    expect(suite?.testcase[1]?.failure).toEqual({
      message: 'the image registry is small: the largest file is /usr/local/bin/registry',
      type: 'fail',
      text: 'the largest file is /usr/local/bin/registry\nmeasured 61.0 MiB, limit at most 50.0 MiB\nrun it locally: mesh-actions run docker-smoke',
    })
    const part = parse(junitXml(RED)).testsuite.find(({ name }) => name === 'cross-compile-go 2/2')
    expect(part).toMatchObject({ failures: '1', errors: '1' })
    expect(part?.testcase[1]?.error).toMatchObject({ message: 'registry starts: it was not built' })
  })

  test('a stage that is worse than its parts, or left none, has a case that says why', () => {
    const suites = parse(junitXml(RED)).testsuite.filter(({ name }) => name === 'go-python-integration')
    expect(suites).toHaveLength(2)
    expect(suites[1]?.testcase[0]).toMatchObject({
      name: 'every part of go-python-integration ran and left evidence',
      error: { message: expect.stringContaining('1 of 2 parts left no evidence of this attempt') },
    })
    const leftOut = parse(junitXml(PARTIAL)).testsuite.find(({ name }) => name === 'docker-smoke')
    expect(leftOut?.testcase[0]?.skipped).toEqual({ message: 'left out on request' })
  })

  test('whatever the project says comes back as it can be shown', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc
        .array(fc.constantFrom(HOSTILE, '<![CDATA[', ']]>', '&#0;', 'true', '\n', '\t', '\ufffe', '&lt;'), {
          minLength: 1,
        })
        .map((all) => all.join('')),
    )
    fc.assert(
      fc.property(texts, texts, (title, detail) => {
        const check = { id: 'a/b', title, verdict: 'fail', detail, location: { file: title } } as const
        const stages = [stageReport('docker-smoke', [resultOf('docker-smoke', [check])])]
        const [suite] = parse(junitXml({ ...GREEN, project: title, stages })).testsuite
        expect(suite?.testcase[0]).toMatchObject({
          name: visibleLine(title),
          failure: { text: visible(`${detail}\nrun it locally: mesh-actions run docker-smoke`) },
        })
      }),
    )
  })
})
