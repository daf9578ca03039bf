import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { edit, plant } from './sample.ts'
import { type Ended, execute, NODE_24, ROOT } from './suite.ts'

/** A clone of the suite's HEAD on main, with all that was before in one commit. */
export interface Clone {
  readonly path: string
  git(...args: readonly string[]): string
  /** Commits everything as it is. */
  commit(subject: string): void
  /** Runs `npm run release` with these arguments, without npm around it. */
  release(...args: readonly string[]): Promise<Ended>
}

export function releaseClone(path: string): Clone {
  mkdirSync(path)
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: path, encoding: 'utf8', maxBuffer: 2 ** 28 }).trim()
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'test')
  git('config', 'user.email', 'test@example.com')
  git('fetch', '--quiet', '--depth=1', ROOT, 'HEAD')
  git('reset', '--quiet', '--hard', git('commit-tree', 'FETCH_HEAD^{tree}', '-m', 'Everything before'))
  // Where the suite itself was cloned shallow, and here because of --depth.
  rmSync(join(path, '.git', 'shallow'), { force: true })
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'))
  appendFileSync(join(path, '.git', 'info', 'exclude'), 'node_modules\n')
  return {
    path,
    git,
    commit: (subject) => {
      git('add', '--all')
      git('commit', '--quiet', '--message', subject)
    },
    release: (...args) => execute(NODE_24, [join('scripts', 'release.ts'), ...args], { cwd: path }),
  }
}

/** Has `npm run check` pass without looking: the tree is HEAD's, which others look at. */
export function passEveryCheck({ path }: Clone): void {
  script(path, 'check', 'node planted.cjs .git/check-fails')
  plant(
    path,
    'planted.cjs',
    `const { existsSync, rmSync, writeFileSync } = require('node:fs')
const [flag, made] = process.argv.slice(2)
if (made) {
  rmSync('dist/cli', { recursive: true, force: true })
  writeFileSync(made, require('./package.json').version)
}
process.exitCode = existsSync(flag) ? 1 : 0
`,
  )
}

/** Has `npm run build` only write the version into dist/; with .git/build-fails there, it fails then. */
export function buildAlmostNothing({ path }: Clone): void {
  script(path, 'build', 'node planted.cjs .git/build-fails dist/built.txt')
}

/** All that git knows of a clone: branch, commits, tags, index, working tree. */
export function stateOf({ git }: Clone): readonly string[] {
  return [
    git('symbolic-ref', 'HEAD'),
    git('show-ref'),
    git('ls-files', '--stage'),
    git('status', '--porcelain'),
  ]
}

function script(path: string, name: string, command: string): void {
  edit(path, 'package.json', (text) =>
    text.replace(new RegExp(`^( +"${name}": ").*(",)$`, 'm'), `$1${command}$2`),
  )
}
