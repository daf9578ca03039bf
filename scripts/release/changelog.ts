import { escapeMarkdown } from '../../src/result/markdown.ts'

export const CHANGELOG = 'CHANGELOG.md'
const TITLE = '# Changelog'
const PREFACE = 'What each release brought, the newest first; made from the commits by `npm run release`.'

/** A commit as the changelog needs it. */
export interface Commit {
  readonly subject: string
  /** The files that it changed. */
  readonly paths: readonly string[]
}

/** A group of the changelog; a commit belongs to the first whose paths it touched. */
const GROUPS: readonly { readonly title: string; readonly paths: RegExp }[] = [
  {
    title: 'Actions, workflows and command line',
    paths: /^(src|actions|cross-compile|schema|workflows-templates)\/|^action\.yml$/,
  },
  { title: 'Documentation and sample', paths: /^(docs|examples)\/|^(README\.md|LICENSE)$/ },
  // What only rebuilt the bundle has been told where its source changed.
  { title: 'Tests, checks and release', paths: /^(?!dist\/)/ },
]

/** Reads `git log --format=%x00%s --name-only`. */
export function readCommits(log: string): readonly Commit[] {
  return log
    .split('\0')
    .map((record) => record.split('\n').filter((line) => line !== ''))
    .flatMap(([subject, ...paths]) => (subject === undefined ? [] : [{ subject, paths }]))
}

/**
 * The changelog with the entry of a release above the older ones, and in the place of its own from an attempt that was
 * not published. `date` as in 2026-03-01.
 */
export function withEntry(changelog: string, tag: string, date: string, commits: readonly Commit[]): string {
  const older = changelog.split(/^(?=## )/m).slice(1)
  // Nothing but a release changes the changelog.
  const told = commits.filter(({ paths }) => !paths.includes(CHANGELOG))
  const groups = GROUPS.flatMap(({ title }) => {
    const own = told.filter((commit) => groupOf(commit) === title)
    return own.length > 0 ? [`### ${title}`, own.map(line).join('\n')] : []
  })
  const entry = [`## ${tag} (${date})`, ...(groups.length > 0 ? groups : ['The same, built anew.'])]
  return [
    [TITLE, PREFACE, ...entry, ''].join('\n\n'),
    ...older.filter((text) => !text.startsWith(`## ${tag} (`)),
  ]
    .join('')
    .trimEnd()
    .concat('\n')
}

/** What the changelog says of a release, without its heading; undefined when it says nothing. */
export function notesOf(changelog: string, tag: string): string | undefined {
  const [, text] = changelog.split(`\n## ${tag} (`, 2)
  return text?.split('\n').slice(1).join('\n').split('\n## ')[0]?.trim()
}

function groupOf({ paths }: Commit): string | undefined {
  return GROUPS.find((group) => paths.some((path) => group.paths.test(path)))?.title
}

/** Release notes notify whom they mention, so an @ in a subject is written as its character's number. */
function line({ subject }: Commit): string {
  return `- ${escapeMarkdown(subject).replaceAll('@', '&#64;')}`
}
