import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calledFiles } from '../generate/references.ts'
import { CHANGELOG, readCommits, withEntry } from './changelog.ts'
import { changeRefs, gitIn, npmIn } from './commands.ts'
import { preflight } from './preflight.ts'
import { plain, type Version } from './version.ts'

const SUITE_FILE = 'scripts/generate/suite.ts'

export interface Release {
  /** The commit on main: the version, the changelog, and the bundle as it is built then. */
  readonly dist: string
  /** Its child, which the tag alone holds: in it the suite names itself by `dist`. */
  readonly pins: string
}

/**
 * Makes the two commits of a release in the clone at `root`, moves main to the first and tags the second. Both refs
 * move in one transaction, and until then neither branch nor index is touched. Whatever happens, the working tree is
 * in the end what HEAD says: the new commit, or the one before. A dry run does it all but the transaction.
 *
 * @param date of the changelog's entry, as in 2026-03-01
 */
export function makeRelease(
  root: string,
  version: Version,
  { date, dryRun }: { readonly date: string; readonly dryRun: boolean },
): Release {
  const [git, npm] = [gitIn(root), npmIn(root)]
  const last = preflight(git, version)
  npm('run', '--silent', 'check')

  const start = git('rev-parse', 'HEAD')
  const scratch = mkdtempSync(join(tmpdir(), 'mesh-release-'))
  const staged = gitIn(root, join(scratch, 'index'))
  const commit = (parent: string, message: string, paths: readonly string[]): string => {
    staged('read-tree', parent)
    staged('add', '--', ...paths)
    return git('commit-tree', staged('write-tree'), '-p', parent, '-m', message)
  }
  try {
    npm('version', '--silent', plain(version), '--no-git-tag-version', '--allow-same-version')
    const log = ['log', '--no-merges', '--format=%x00%s', '--name-only']
    const commits = git('-c', 'core.quotePath=false', ...log, last ? `${last.tag}..${start}` : start)
    enterInto(join(root, CHANGELOG), (text) => withEntry(text, version.tag, date, readCommits(commits)))
    npm('run', '--silent', 'build')
    const made = ['package.json', 'package-lock.json', CHANGELOG, 'dist']
    const dist = commit(start, `Release ${version.tag}`, made)

    enterInto(join(root, SUITE_FILE), (text) =>
      withConstant(withConstant(text, 'REF', dist), 'RELEASE', version.tag),
    )
    npm('run', '--silent', 'generate')
    const message = `Name the parts of ${version.tag} by the commit that holds them`
    const pins = commit(dist, message, [SUITE_FILE, ...calledFiles(root)])

    // The tag is a ref to the commit itself: whoever asks a remote what it names gets the SHA that can be pinned.
    const refs = [`update refs/heads/main ${dist} ${start}`, `create refs/tags/${version.tag} ${pins}`]
    if (!dryRun) changeRefs(root, refs)
    return { dist, pins }
  } finally {
    git('reset', '--quiet', '--hard')
    git('clean', '--quiet', '--force', '-d', '--', 'dist', CHANGELOG)
    rmSync(scratch, { recursive: true })
  }
}

function enterInto(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(existsSync(file) ? readFileSync(file, 'utf8') : ''))
}

function withConstant(source: string, name: string, value: string): string {
  const line = new RegExp(`^(export const ${name}: string = ').*(')$`, 'm')
  if (!line.test(source)) throw new Error(`${SUITE_FILE} has no line of ${name}`)
  return source.replace(line, `$1${value}$2`)
}
