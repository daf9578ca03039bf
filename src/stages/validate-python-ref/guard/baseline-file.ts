import { ConfigurationError } from '../../../result/configuration-error.ts'
import { parseTracked, printTracked, type TrackedFile } from './tree.ts'

/** What the reference held when mesh.baseline was written. */
export interface Baseline {
  readonly files: readonly TrackedFile[]
  /** Paths among the files whose code was gone already: an empty `__init__.py` can become no emptier. */
  readonly withoutCode: readonly string[]
  /** The public names with their signatures, one a line. */
  readonly surface: readonly string[]
  /** The test functions, as `path::Class::name`. */
  readonly tests: readonly BaselineTest[]
  /** How many tests ran, by folder of python.tests. */
  readonly testsRun: ReadonlyMap<string, number>
}

export interface BaselineTest {
  readonly id: string
  /** Whether it was marked to be skipped. */
  readonly skipped: boolean
  /** Whether nothing of it ran when the baseline was taken, for whatever other reason. */
  readonly notRun?: boolean
}

const SECTIONS = ['files', 'without-code', 'surface', 'tests', 'tests-run'] as const

type Section = (typeof SECTIONS)[number]

const HEAD = [
  '# What the reference holds. `mesh-actions baseline` writes this file, and validate-python-ref holds the tree to it.',
  '# A line here may only go when what it names may go: see preserve.exceptions in mesh.yml.',
  'version 1',
]

const SKIPPED = ' skipped'
const NOT_RUN = ' not run'

/** The text of a baseline: a line for each thing, sorted, so that changes made side by side merge. */
export function printBaseline(baseline: Baseline): string {
  const sections: Readonly<Record<Section, readonly string[]>> = {
    files: [...baseline.files].sort((one, other) => order(one.path, other.path)).map(printTracked),
    'without-code': [...baseline.withoutCode].sort(order).map((path) => JSON.stringify(path)),
    surface: [...baseline.surface].sort(order),
    tests: baseline.tests
      .map(({ id, skipped, notRun }) => `${JSON.stringify(id)}${skipped ? SKIPPED : notRun ? NOT_RUN : ''}`)
      .sort(order),
    'tests-run': [...baseline.testsRun]
      .map(([folder, count]) => `${JSON.stringify(folder)} ${count}`)
      .sort(order),
  }
  return [...HEAD, ...SECTIONS.flatMap((name) => ['', `[${name}]`, ...sections[name]]), ''].join('\n')
}

/**
 * Reads a baseline. `file` is what it is called in errors: a ConfigurationError with file and line for whatever
 * cannot be read in it, the marks of an unfinished merge first of all.
 */
export function parseBaseline(text: string, file: string): Baseline {
  const lines: Record<Section, string[]> = {
    files: [],
    'without-code': [],
    surface: [],
    tests: [],
    'tests-run': [],
  }
  let section: Section | undefined
  let version: string | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const refuse = (found: string) =>
      new ConfigurationError(found, {
        place: { file, line: index + 1, column: 1 },
        fix: 'restore the file, or write it anew: mesh-actions baseline',
      })
    if (/^(<{7}|={7}|>{7}|\|{7})( |$)/.test(line)) throw refuse('a mark of an unfinished merge')
    if (line === '' || line.startsWith('#')) continue
    const [, name] = /^\[(.+)\]$/.exec(line) ?? []
    if (name !== undefined) {
      section = SECTIONS.find((known) => known === name)
      if (!section) throw refuse(`a section [${name}]; there are ${SECTIONS.join(', ')}`)
    } else if (section === undefined) {
      version = /^version (\S+)$/.exec(line)?.[1]
      if (version !== '1') throw refuse(`expected "version 1", found "${line.slice(0, 80)}"`)
    } else {
      if (!PATTERNS[section].test(line)) throw refuse(`no line of [${section}]: "${line.slice(0, 80)}"`)
      lines[section].push(line)
    }
  }
  if (version === undefined) {
    throw new ConfigurationError('no "version 1" in it', {
      place: { file, line: 1, column: 1 },
      fix: 'restore the file, or write it anew: mesh-actions baseline',
    })
  }
  return {
    files: lines.files.map(parseTracked),
    withoutCode: lines['without-code'].map((line) => JSON.parse(line)),
    surface: lines.surface,
    tests: lines.tests.map((line) => {
      const id = JSON.parse(line.slice(0, line.lastIndexOf('"') + 1))
      return { id, skipped: line.endsWith(SKIPPED), ...(line.endsWith(NOT_RUN) ? { notRun: true } : {}) }
    }),
    testsRun: new Map(
      lines['tests-run'].map((line) => {
        const at = line.lastIndexOf(' ')
        return [JSON.parse(line.slice(0, at)), Number(line.slice(at + 1))]
      }),
    ),
  }
}

const TEXT = '"(?:[^"\\\\]|\\\\.)*"'

/** What a line of each section looks like. */
const PATTERNS: Readonly<Record<Section, RegExp>> = {
  files: /^\d{6} [0-9a-f]{40}(?:[0-9a-f]{24})? 0\t./,
  'without-code': new RegExp(`^${TEXT}$`),
  surface: /^[\p{L}_][\p{L}\p{N}_.-]*/u,
  tests: new RegExp(`^${TEXT}(?:${SKIPPED}|${NOT_RUN})?$`),
  'tests-run': new RegExp(`^${TEXT} \\d+$`),
}

/** By code units: the same on every machine, whatever its language. */
function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
