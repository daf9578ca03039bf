import { cause, describe, kindOf } from './judge.ts'
import type { Check, StageResult } from './stage-result.ts'
import { formatDuration, formatQuantity } from './units.ts'
import { isOpen, type Verdict } from './verdict.ts'

export const SIGNS: Readonly<Record<Verdict, string>> = {
  pass: '✅',
  fail: '❌',
  inconclusive: '❔',
  skipped: '➖',
}

/**
 * Text of the project's in Markdown: nothing in it is read as Markdown, HTML or the end of a table's cell.
 * Names and output come from the repository under test and are not trusted.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign)
    .replace(/[\\`*_[\]|~$]/g, (sign) => `\\${sign}`)
    .replace(/\s+/g, ' ')
}

/** A table of rows that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/**
 * The summary of one stage: the verdict first, in one sentence; what is not green with its cause; then whatever
 * `details` the stage adds (Markdown), all checks folded, and of a red one the command `local` that does the same in a
 * terminal.
 */
export function stageSummary(result: StageResult, local: string, details = ''): string {
  const because = cause(result)
  const shard = result.shard ? ` (part ${result.shard})` : ''
  const asked = result.checks.filter((check) => check.verdict !== 'skipped').length
  const open = result.checks.filter((check) => isOpen(check.verdict))
  return [
    `## ${SIGNS[result.verdict]} ${result.stage}${shard}: ${result.verdict}`,
    because === undefined
      ? `${asked} checks in ${formatDuration(result.durationMs)}.`
      : `**${escapeMarkdown(because)}**`,
    ...(open.length > 1
      ? [open.map((check) => `- ${SIGNS[check.verdict]} ${escapeMarkdown(describe(check))}`).join('\n')]
      : []),
    ...(details ? [details] : []),
    fold(`All ${result.checks.length} checks`, checkTable(result.checks)),
    ...(because === undefined ? [] : [runLocally(local)]),
    '',
  ].join('\n\n')
}

function checkTable(checks: readonly Check[]): string {
  return table(
    ['', 'kind', 'check', 'found'],
    checks.map((check) => [
      SIGNS[check.verdict],
      kindOf(check),
      escapeMarkdown(check.title),
      escapeMarkdown(check.detail ?? (check.measured ? formatQuantity(check.measured) : '')),
    ]),
  )
}

/** The line that tells the command with which a stage is run in a terminal. */
export function runLocally(command: string): string {
  const fence = fenceOf(1, [command])
  return `Run it locally: ${fence}${command}${fence}`
}

/** Lines as they are: nothing in them is read as Markdown. */
export function codeBlock(lines: readonly string[]): string {
  const fence = fenceOf(3, lines)
  return [`${fence}text`, ...lines, fence].join('\n')
}

/** At least so many backticks, and more than any of the lines holds on end. */
function fenceOf(least: number, lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length)
  return '`'.repeat(Math.max(least - 1, ...runs) + 1)
}

/** A block that opens on a click; the title and the body are Markdown already. */
export function fold(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
}
