import { escapeMarkdown, table } from '../../result/markdown.ts'
import { formatDuration } from '../../result/units.ts'
import type { ValidateData } from './index.ts'
import type { TestSuite } from './reference/tests.ts'

const MOST_FOLDERS = 50
const SLOWEST = 10
const MOST_NAMES = 20

/** Parameters of a test, and signatures, may be of any length. */
const MOST_CHARACTERS = 200

/** The tests by folder, the slowest of all, and the public names that the baseline does not have, as Markdown. */
export function referenceDetails({
  suites,
  addedNames,
}: Pick<ValidateData, 'suites' | 'addedNames'>): string {
  return [...folderTable(suites), ...slowestTable(suites), ...nameList(addedNames)].join('\n\n')
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

function nameList(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const list = names.slice(0, MOST_NAMES).map((name) => `- ${shown(name)}`)
  return [
    'Public names that the baseline does not have:',
    list.join('\n'),
    ...rest(names.length - MOST_NAMES),
  ]
}

function rest(count: number): readonly string[] {
  return count > 0 ? [`and ${count} more`] : []
}

function shown(text: string): string {
  return escapeMarkdown(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)
}
