import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { judge } from '../../src/result/judge.ts'
import { escapeMarkdown, runLocally, stageSummary, table } from '../../src/result/markdown.ts'
import type { Check } from '../../src/result/stage-result.ts'

/** Any text, and more often than chance text that tries something. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<img src=x onerror=y>',
        '</details>',
        '<!--',
        '&lt;',
        '&#60;',
        '|',
        '\\|',
        '\\',
        '`',
        '```',
        '**',
        '__',
        '~~',
        '[a](javascript:b)',
        '![a](b)',
        '\n',
        '\r\n',
        '\u2028',
        '\n\n# ',
        '\n- ',
        '\n| a | b |\n',
        '$$',
        '@you',
        '#1',
        'text',
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)

/**
 * Reads one line of inline Markdown that must be plain text: gives the text back, and undefined where a sign stands
 * that Markdown, HTML or a table could take for its own inside of a line.
 */
function plainTextOf(markdown: string): string | undefined {
  const token = /\\([!-/:-@[-`{-~])|&(amp|lt|gt);|([^\\&<>`*_[\]|~$\n\r])/gy
  let text = ''
  while (token.lastIndex < markdown.length) {
    const match = token.exec(markdown)
    if (!match) return undefined
    const entity = { amp: '&', lt: '<', gt: '>' }[match[2] ?? '']
    text += match[1] ?? entity ?? match[3] ?? ''
  }
  return text
}

/** The cells of a row of a table, as GitHub cuts them: at each bar that no backslash escapes. */
function cellsOf(row: string): string[] {
  const cells = ['']
  for (const [sign] of row.matchAll(/\\.|./gsu)) {
    if (sign === '|') cells.push('')
    else cells[cells.length - 1] += sign
  }
  return cells.slice(1, -1)
}

describe("the project's text in Markdown", () => {
  test('whatever it is, it comes out as the same words and nothing is read as Markdown or HTML', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(plainTextOf(escapeMarkdown(text))).toBe(text.replace(/\s+/g, ' '))
      }),
      { numRuns: 500 },
    )
  })

  test('a plain text of letters and digits is left as it is', () => {
    expect(escapeMarkdown('registry linux/amd64 is 12.3 MiB')).toBe('registry linux/amd64 is 12.3 MiB')
  })

  test('a table keeps its columns and rows, whatever its cells say', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile, hostile), { minLength: 1 }), (rows) => {
        const lines = table(
          ['a', 'b', 'c'],
          rows.map((row) => row.map(escapeMarkdown)),
        ).split('\n')
        expect(lines).toHaveLength(rows.length + 2)
        for (const line of lines) expect(cellsOf(line)).toHaveLength(3)
      }),
    )
  })
})

test('a command to run locally stands as it is, whatever a folder is called', () => {
  expect(runLocally('mesh-actions run x')).toBe('Run it locally: `mesh-actions run x`')
  expect(runLocally("mesh-actions run x --project 'a`*b*``c'")).toBe(
    "Run it locally: ```mesh-actions run x --project 'a`*b*``c'```",
  )
})

describe('the summary of a stage', () => {
  const summary = (checks: readonly Check[], shard?: string) =>
    stageSummary(
      judge({
        stage: 'cross-compile-go',
        shard,
        attempt: 1,
        commit: 'unknown',
        startedAt: new Date(0),
        endedAt: new Date(1200),
        checks,
        required: [],
        tools: {},
        data: null,
      }),
      'mesh-actions run cross-compile-go',
      'DETAILS',
    )
  const pass: Check = { id: 'built/a', title: 'a builds', verdict: 'pass' }

  test('a green one says how much was checked, without the skipped, and how long it took', () => {
    const text = summary([pass, pass, { ...pass, verdict: 'skipped' }], '2/4')
    expect(text).toMatch(/^## ✅ cross-compile-go \(part 2\/4\): pass\n\n2 checks in 1\.2 s\.\n\nDETAILS\n/)
    expect(text).not.toContain('Run it locally')
  })

  test('a red one begins with its cause, lists what is open and says how to run it locally', () => {
    const text = summary([
      pass,
      { ...pass, verdict: 'fail', detail: 'does not <compile>' },
      { ...pass, verdict: 'inconclusive', detail: 'not run' },
    ])
    expect(text).toMatch(/^## ❌ cross-compile-go: fail\n\n\*\*a builds: does not &lt;compile&gt;\*\*\n/)
    expect(text).toContain('- ❌ a builds: does not &lt;compile&gt;\n- ❔ a builds: not run')
    expect(text).toContain('Run it locally: `mesh-actions run cross-compile-go`')
  })

  test('what a check says can neither leave the table nor end the folded part', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, detail) => {
        const text = summary([{ ...pass, title, detail, verdict: 'fail' }])
        expect(text.match(/<[a-z/!]/g)).toEqual(['<d', '<s', '</', '</'])
        const rows = text.split('\n').filter((line) => line.startsWith('|'))
        expect(rows).toHaveLength(3)
        for (const row of rows) expect(cellsOf(row)).toHaveLength(4)
      }),
    )
  })
})
