import type { Stage } from '../../result/stages.ts'
import type { Verdict } from '../../result/verdict.ts'
import type { LogText, StageReport } from '../model.ts'
import { shortened, visible } from '../visible.ts'
import { escapeHtml, html, type Markup, trusted } from './markup.ts'

/** The most that one log may take of the page, in bytes of HTML, so that one does not crowd out the others. */
const MOST_OF_ONE = 256 * 1024

/** The folded log of each text that a page has; a text that is missing is not shown at all. */
export type FoldedLogs = ReadonlyMap<LogText, Markup>

const ORDER: Readonly<Record<Verdict, number>> = { fail: 0, inconclusive: 1, pass: 2, skipped: 3 }

/**
 * The logs of all stages in at most so many bytes: those of red stages first, of each its end. How many lines are not
 * there is told.
 */
export function foldedLogs(stages: readonly StageReport[], mostBytes: number): FoldedLogs {
  const byImportance = [...stages].sort((one, other) => ORDER[one.verdict] - ORDER[other.verdict])
  const folded = new Map<LogText, Markup>()
  let left = Math.max(0, mostBytes)
  for (const { stage, logs } of byImportance) {
    for (const log of logs) {
      const end = endOf(log, Math.min(left, MOST_OF_ONE))
      left -= end.bytes
      folded.set(log, fold(stage, log, end))
    }
  }
  return folded
}

interface End {
  readonly escaped: string
  readonly bytes: number
  readonly lines: number
  readonly cutLines: number
}

/** Longer lines are cut there, in characters. */
const MOST_OF_LINE = 2000

/** The last lines of a log that take no more than so many bytes when they are escaped. */
function endOf(log: LogText, mostBytes: number): End {
  // A character takes at least one byte: what is before these can never be shown, and need not be looked at.
  const end = log.text.slice(Math.max(0, log.text.length - mostBytes))
  const all = linesOf(visible(end))
  // The first may be the half of one.
  const lines = end.length < log.text.length && all.length > 1 ? all.slice(1) : all
  const kept: string[] = []
  let bytes = 0
  for (const line of lines.toReversed()) {
    const escaped = escapeHtml(shortened(line, MOST_OF_LINE))
    const size = Buffer.byteLength(escaped) + 1
    if (bytes + size > mostBytes) break
    kept.push(escaped)
    bytes += size
  }
  return {
    escaped: kept.reverse().join('\n'),
    bytes,
    lines: kept.length,
    cutLines: log.cutLines + linesOf(log.text).length - kept.length,
  }
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/(?:\r\n?|\n)$/, '').split(/\r\n?|\n/)
}

function fold(stage: Stage, { name }: LogText, { escaped, lines, cutLines }: End): Markup {
  const before = cutLines > 0 ? `, ${cutLines} before them are left out` : ''
  return html`<details class="log"><summary>Log ${name} <span class="quiet">(${lines} lines${before})</span></summary>
<pre tabindex="0" role="region" aria-label="Log ${name} of ${stage}">${trusted(escaped)}</pre></details>`
}
