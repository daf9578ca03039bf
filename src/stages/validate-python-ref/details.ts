import { escapeMarkdown, table } from '../../result/markdown.ts'
import { formatDuration } from '../../result/units.ts'
import type { ValidateData } from './index.ts'
import type { TestSuite } from './reference/test-suite.ts'

const MOST_FOLDERS = 50
const SLOWEST = 10
const MOST_FILES = 20
const MOST_NAMES = 20

/** Parameters of a test, and signatures, may be of any length. */
const MOST_CHARACTERS = 200

/**
 * The files that are modified or new, the tests by folder, the slowest of all, and the public names that are new or read
 * otherwise, as Markdown.
 */
export function referenceDetails({ changes, suites, addedNames, changedNames }: ValidateData): string {
  // The others are checks of their own.
  const files = changes.filter(({ kind }) => kind === 'modified' || kind === 'added')
  return [
    ...list(
      'Files that are modified or new since the baseline:',
      files.map(({ kind, path }) => `${kind}: ${path}`),
      MOST_FILES,
    ),
    ...folderTable(suites),
    ...slowestTable(suites),
    ...list('Public names that the baseline does not have:', addedNames, MOST_NAMES),
    ...list('Public names that read otherwise than in the baseline:', changedNames, MOST_NAMES),
  ].join('\n\n')
}

function folderTable(suites: readonly TestSuite[]): readonly string[] {
  if (suites.length === 0) return []
  const rows = suites
    .slice(0, MOST_FOLDERS)
    .map(({ folder, counts, durationMs }) => [
      shown(folder),
      ...[counts.collected, counts.ran, counts.passed, counts.failed, counts.skipped, counts.xfailed].map(
        String,
      ),
      formatDuration(durationMs),
    ])
  const head = ['tests of', 'collected', 'ran', 'passed', 'failed', 'skipped', 'expected to fail', 'time']
  return [table(head, rows), ...rest(suites.length - MOST_FOLDERS)]
}

function slowestTable(suites: readonly TestSuite[]): readonly string[] {
  const tests = suites
    .flatMap(({ folder, slowest }) => slowest.map((one) => ({ ...one, folder })))
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST)
  if (tests.length === 0) return []
  const rows = tests.map(({ id, folder, durationMs }) => [
    shown(id),
    shown(folder),
    formatDuration(durationMs),
  ])
  return [table(['slowest tests', 'in', 'time'], rows)]
}

function list(head: string, lines: readonly string[], most: number): readonly string[] {
  if (lines.length === 0) return []
  const told = lines.slice(0, most).map((line) => `- ${shown(line)}`)
  return [head, told.join('\n'), ...rest(lines.length - most)]
}

function rest(count: number): readonly string[] {
  return count > 0 ? [`and ${count} more`] : []
}

function shown(text: string): string {
  return escapeMarkdown(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)
}
