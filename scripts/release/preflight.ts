import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { REF } from '../generate/suite.ts'
import type { Git } from './commands.ts'
import { compare, majorTag, newest, type Version } from './version.ts'

const BRANCH = 'main'

/**
 * Holds what a release needs of the clone, and returns the release before it, if there is one. Throws a
 * ConfigurationError that says what to do; nothing has been changed then.
 */
export function preflight(git: Git, version: Version): Version | undefined {
  const branch = git('rev-parse', '--abbrev-ref', 'HEAD')
  if (branch !== BRANCH)
    throw new ConfigurationError(`this is ${branch}, and releases are made on ${BRANCH}`, {
      fix: `git switch ${BRANCH}`,
    })
  const changed = git('status', '--porcelain')
  if (changed !== '')
    throw new ConfigurationError(`the working tree is not clean: ${changed.split('\n').join(', ')}`, {
      fix: 'commit or stash it first',
    })
  if (git('rev-parse', '--is-shallow-repository') === 'true')
    throw new ConfigurationError('this clone is shallow, and the changelog comes from all commits', {
      fix: 'git fetch --unshallow --tags',
    })
  const last = newest(git('tag', '--list', 'v*').split('\n'))
  if (last && compare(version, last) <= 0)
    throw new ConfigurationError(`${version.tag} is not newer than ${last.tag}, which is there already`, {
      fix: 'choose a newer version',
    })
  if (majorTag(version) !== REF)
    throw new ConfigurationError(`${version.tag} is no release of ${REF}, by which the suite names itself`, {
      fix: `for a new major version change REF in scripts/generate/suite.ts, the templates and the README first`,
    })
  return last
}
