import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')
export const NODE_24 = join(ROOT, 'node_modules', 'node', 'bin', 'node')

/** The committed bundle's command line. */
export const MESH_ACTIONS = [NODE_24, join(ROOT, 'dist', 'cli', 'index.js')] as const

export interface Place {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Wall time of a command from start to end; a command that fails ends the benchmark. */
export async function wallTime(argv: readonly string[], { cwd, env }: Place): Promise<number> {
  const [file = '', ...args] = argv
  const startedAt = performance.now()
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const err: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${argv.join(' ')}: exit code ${code}\n${Buffer.concat(err)}`)
  return performance.now() - startedAt
}

/** Time from a command's start to the first byte that it prints; the command is then ended. */
export async function timeToFirstLine(argv: readonly string[], { cwd, env }: Place): Promise<number> {
  const [file = '', ...args] = argv
  const startedAt = performance.now()
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const took = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${argv.join(' ')} printed nothing`)))
    child.stdout.once('data', () => resolve(performance.now() - startedAt))
  })
  child.kill('SIGKILL')
  await new Promise((resolve) => (child.exitCode !== null ? resolve(undefined) : child.once('exit', resolve)))
  return took
}

/** A copy of the sample that is gone afterwards. */
export function sampleCopy(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'mesh-bench-'))
  cpSync(join(ROOT, 'examples', 'mesh-sample'), path, {
    recursive: true,
    filter: (file) => !/[/\\](bin|\.mesh|\.venv|__pycache__)$/.test(file),
  })
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
