/**
 * Makes a release in this clone, without a network: npm run release -- v1.2.3. With --dry-run everything is made and
 * put back; with --check the tag that is checked out is held against what a release is. docs/releasing.md tells the
 * rest.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigurationError } from '../src/result/configuration-error.ts'
import { CHANGELOG } from './release/changelog.ts'
import { makeRelease } from './release/make.ts'
import { checkTagged } from './release/tagged.ts'
import { majorTag, readVersion, type Version } from './release/version.ts'

const root = join(import.meta.dirname, '..')

// An interrupt ends the command that runs; what has been done by then is put back as after any other failure.
process.on('SIGINT', () => undefined)
try {
  process.stdout.write(`${main()}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.oneLine : describe(error)}\n`)
  process.exitCode = error instanceof ConfigurationError ? 2 : 1
}

function main(): string {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  })
  const version = readVersion(positionals[0] ?? '')
  if (values.check) return `${version.tag} is made of ${checkTagged(root, version)}`
  return make(version, values['dry-run'])
}

function make(version: Version, dryRun: boolean): string {
  const { dist, pins } = makeRelease(root, version, { date: new Date().toISOString().slice(0, 10), dryRun })
  const made = `${version.tag}: ${dist} on main, ${pins} tagged`
  if (dryRun) return `${made}; put back, for it was a dry run`
  return [
    made,
    `look at it:                git show ${version.tag}^ -- ${CHANGELOG}`,
    `publish it:                git push --atomic origin main ${version.tag}`,
    `when release.yml is green: git push --force origin ${version.tag}:refs/tags/${majorTag(version)}`,
    `or undo it here:           git tag --delete ${version.tag} && git reset --hard ${dist}^`,
  ].join('\n')
}

function describe(error: unknown): string {
  return `${error instanceof Error ? error.message : error}; nothing is changed`
}
