import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

/** The committed bundle's command line. */
export const CLI = join(ROOT, 'dist', 'cli', 'index.js')

/** The Node versions that the bundle must run on: 24, which actions declare, and the oldest that the CLI supports. */
export const NODE_24 = join(ROOT, 'node_modules', 'node', 'bin', 'node')

/** Whatever Node npm itself runs on; on a machine set up by scripts/verify that is Node 20. */
export const NODE_OF_NPM = process.env.npm_node_execpath ?? process.execPath

/**
 * Puts into `folder` what a runner would download of the suite: the tree as git would archive it, with changes that
 * are not committed yet.
 */
export function exportSuite(folder: string): void {
  const index = `${folder}.index`
  const env = { ...process.env, GIT_INDEX_FILE: index }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, env, encoding: 'utf8' }).trim()
  // Beginning with the repository's own index saves hashing every file anew.
  const own = execFileSync('git', ['rev-parse', '--path-format=absolute', '--git-path', 'index'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  copyFileSync(own.trim(), index)
  git('add', '--all')
  const tree = git('write-tree')
  mkdirSync(folder, { recursive: true })
  const archive = execFileSync('git', ['archive', '--worktree-attributes', tree], {
    cwd: ROOT,
    maxBuffer: 2 ** 28,
  })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  rmSync(index)
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end with its output collected. */
export async function execute(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; onStart?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  const { onStart, ...place } = options
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...place })
  onStart?.(child)
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', (status) => resolve(status)),
  )
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

/** Runs the committed bundle's command line. */
export function meshActions(
  args: readonly string[],
  options: { cwd: string; node?: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  const { node = NODE_24, ...rest } = options
  return execute(node, [CLI, ...args], rest)
}
