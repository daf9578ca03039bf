import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './suite.ts'

const SAMPLE = join(ROOT, 'examples', 'mesh-sample')

/** Copies the sample mesh into a folder, as a repository with one commit: a user's project, free to be broken. */
export function copySample(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: SAMPLE,
    encoding: 'utf8',
  })
  mkdirSync(folder, { recursive: true })
  for (const path of new Set(listed.split('\0').filter((name) => name !== ''))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(SAMPLE, path), join(folder, path), { verbatimSymlinks: true, force: true })
  }
  git(folder, 'init', '--quiet', '--initial-branch=main')
  commitAll(folder)
}

/** Commits everything as it is. */
export function commitAll(folder: string): string {
  git(folder, 'add', '--all')
  git(
    folder,
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.com',
    'commit',
    '--quiet',
    '--allow-empty',
    '-m',
    'test',
  )
  return git(folder, 'rev-parse', 'HEAD')
}

/** Writes a file of a project, with its folders. */
export function plant(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** Changes a file of a project; a change that changes nothing is a mistake of the test's. */
export function edit(folder: string, path: string, change: (text: string) => string): void {
  const file = join(folder, path)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`nothing changed in ${path}`)
  writeFileSync(file, after)
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
}
