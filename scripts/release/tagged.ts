import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { calledFiles, referencesIn } from '../generate/references.ts'
import { SUITE } from '../generate/suite.ts'
import { CHANGELOG, notesOf } from './changelog.ts'
import { type Git, gitIn } from './commands.ts'
import { plain, type Version } from './version.ts'

/**
 * Holds a tag that is checked out against what makeRelease promises: its version and its notes, and that whatever
 * the suite names of itself is the tag's own parent, by its full SHA, with the same bundle. Returns that commit.
 * Throws a ConfigurationError that names what is not so.
 */
export function checkTagged(root: string, version: Version): string {
  const git = gitIn(root)
  const refuse = (message: string): never => {
    throw new ConfigurationError(`${version.tag}: ${message}`, {
      fix: 'make the release with npm run release',
    })
  }
  if (git('tag', '--list', version.tag) === '') {
    throw new ConfigurationError(`this clone has no tag ${version.tag}`, {
      fix: `git fetch origin tag ${version.tag}, and check it out`,
    })
  }
  if (git('rev-parse', `${version.tag}^{commit}`) !== git('rev-parse', 'HEAD'))
    refuse('the tag is not what is checked out')
  for (const file of ['package.json', 'package-lock.json']) {
    const { version: written } = JSON.parse(readFileSync(join(root, file), 'utf8'))
    if (written !== plain(version)) refuse(`${file} says ${written}`)
  }
  if (!notesOf(readFileSync(join(root, CHANGELOG), 'utf8'), version.tag)) refuse(`${CHANGELOG} has no notes`)

  const dist = git('rev-parse', 'HEAD^')
  const named = calledFiles(root).flatMap((path) =>
    referencesIn(readFileSync(join(root, path), 'utf8')).map((reference) => ({ path, reference })),
  )
  if (named.length === 0) refuse(`nothing in it names ${SUITE}`)
  for (const { path, reference } of named)
    if (!reference.endsWith(`@${dist}`)) refuse(`${path} names ${reference}, and its parent is ${dist}`)
  if (git('rev-parse', `${dist}:dist`) !== git('rev-parse', 'HEAD:dist'))
    refuse(`its dist/ is not that of ${dist}`)
  if (!isOnMain(git, dist)) refuse(`${dist} is not on main`)
  return dist
}

/** Whether main has the commit: that of the remote where there is one, since a clone may be at a tag alone. */
function isOnMain(git: Git, commit: string): boolean {
  const branches = git('branch', '--all', '--contains', commit, '--format=%(refname)').split('\n')
  return branches.some((name) => name === 'refs/heads/main' || name === 'refs/remotes/origin/main')
}
