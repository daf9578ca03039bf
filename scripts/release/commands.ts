import { execFileSync } from 'node:child_process'

/** Runs git in one repository and returns what it printed, without white space around it; throws when it fails. */
export type Git = (...args: readonly string[]) => string

/** Git in the folder `root`; with `index`, on an index of its own in that file. */
export function gitIn(root: string, index?: string): Git {
  const env = index === undefined ? process.env : { ...process.env, GIT_INDEX_FILE: index }
  return (...args) =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 28 }).trim()
}

/** Runs one of the project's own npm scripts, its output shown on standard error; throws when it fails. */
export function npmIn(root: string): (...args: readonly string[]) => void {
  return (...args) => {
    execFileSync('npm', args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] })
  }
}

/** Changes refs of the repository at `root`, each line as `git update-ref --stdin` takes it: all of them or none. */
export function changeRefs(root: string, lines: readonly string[]): void {
  execFileSync('git', ['update-ref', '--stdin'], {
    cwd: root,
    input: `start\n${lines.join('\n')}\nprepare\ncommit\n`,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}
