/**
 * Writes another owner wherever the suite names itself, for a fork: scripts/set-owner <owner>. All tracked files are
 * changed but dist/, which is rebuilt from them, and the changelog, which tells what was. Again with the same owner it
 * changes nothing.
 */
import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SUITE } from './generate/suite.ts'

const root = join(import.meta.dirname, '..')
const [owner = ''] = process.argv.slice(2)
const [, repository = ''] = SUITE.split('/')

/** What GitHub allows: letters, digits and single hyphens between them, 39 at most. */
if (!/^(?=.{1,39}$)[a-z\d]+(-[a-z\d]+)*$/i.test(owner)) {
  process.stderr.write(`"${owner}" cannot be an owner on GitHub; name one as in scripts/set-owner octo-org\n`)
  process.exit(2)
}

// Not within a longer name: my-org/… is another owner than org/….
const named = new RegExp(`(?<![\\w.-])${SUITE}(?![\\w-])`, 'g')
const changed = listed().filter((path) => {
  const file = join(root, path)
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false
  const before = readFileSync(file, 'utf8')
  const after = before.replace(named, `${owner}/${repository}`)
  if (after === before) return false
  writeFileSync(file, after)
  return true
})
// Another length may make another line of it.
const sources = changed.filter((path) => path.endsWith('.ts'))
if (sources.length > 0) run(join('node_modules', '.bin', 'biome'), 'format', '--write', ...sources)
process.stdout.write(
  changed.length === 0
    ? `the owner is ${owner} already\n`
    : `${changed.join('\n')}\n${changed.length} files name ${owner}/${repository}; build dist/ anew: npm run build\n`,
)

function listed(): readonly string[] {
  return run('git', 'ls-files', '-z', '--', '.', ':!dist', ':!CHANGELOG.md')
    .split('\0')
    .filter((path) => path !== '')
}

function run(file: string, ...args: readonly string[]): string {
  return execFileSync(file, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
