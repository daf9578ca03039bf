import { constants } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ending, run, succeeded } from '../../process/run.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'

const START_TIMEOUT_MS = 10_000

interface StartOptions {
  readonly cwd: string
  readonly signal: AbortSignal
}

/** A copy of a program to be started, far from what was built, and the folder it is started in. */
export interface Trial extends AsyncDisposable {
  readonly file: string
  readonly cwd: string
}

/**
 * Copies a program into a folder of its own under `temporary`: what is started is the project's code, and must not
 * come upon the binaries that are yet to be placed.
 */
export async function trialOf(file: string, temporary: string): Promise<Trial> {
  const folder = await mkdtemp(join(temporary, 'start-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, basename(file))
    const cwd = join(folder, 'empty')
    await mkdir(cwd)
    // Where the file system can share blocks until one side is written to, the copy costs nothing.
    await copyFile(file, copy, constants.COPYFILE_FICLONE)
    return { file: copy, cwd, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** How the flag package and its like end when they are given a flag that they do not have. */
const USAGE_EXIT = 2

/**
 * Why a program of this machine's platform does not start, or undefined: `--help` must end with exit code 0, or with
 * that of a usage error and then `--version` with 0.
 */
export async function startFailure(file: string, options: StartOptions): Promise<string | undefined> {
  const outcome = await start(file, '--help', options)
  if (typeof outcome === 'string') return outcome
  if (succeeded(outcome)) return undefined
  if (outcome.code === USAGE_EXIT && (await printedVersion(file, options)) !== undefined) return undefined
  const last = outcome.tail.at(-1)
  return `--help: ${ending(outcome)}${last ? ` (${last.trim().slice(0, 200)})` : ''}`
}

/** What a program prints for `--version`; undefined when it knows no such flag. */
export async function printedVersion(file: string, options: StartOptions): Promise<string | undefined> {
  const outcome = await start(file, '--version', options)
  return typeof outcome !== 'string' && succeeded(outcome) ? outcome.tail.join('\n') : undefined
}

async function start(file: string, flag: string, { cwd, signal }: StartOptions) {
  try {
    // A program that starts serving whatever its arguments are must not meet a real port.
    return await run([file, flag], {
      cwd,
      // Not the stage's own, which would lead it to what was built.
      temporary: cwd,
      signal,
      timeoutMs: START_TIMEOUT_MS,
      env: { HOST: '127.0.0.1', PORT: '0' },
    })
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
}
