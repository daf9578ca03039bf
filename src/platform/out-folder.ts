import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Project } from '../project/load.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { StageResult } from '../result/stage-result.ts'

/** Where results and logs go when nothing else was asked for, in the project's folder. */
export const OUT = '.mesh'

/**
 * Makes the folder for results and logs; its path. One of our own ignores itself, so that results never show up as
 * changes of the project; in a folder that was there already nothing is touched.
 * Throws a ConfigurationError when it cannot be written, or when the project's own .mesh leads out of it.
 */
export async function prepareOut(project: Project, asked: string | undefined): Promise<string> {
  const out = asked === undefined ? project.resolve(OUT) : resolve(project.directory, asked)
  try {
    const made = await mkdir(out, { recursive: true })
    if (made !== undefined) await writeFile(join(out, '.gitignore'), '*\n', { flag: 'wx' })
    await Promise.all(['results', 'logs'].map((name) => mkdir(join(out, name), { recursive: true })))
  } catch (error) {
    throw new ConfigurationError(
      `cannot write results to ${out}: ${(error as NodeJS.ErrnoException).code ?? error}`,
      {
        fix: 'a folder that can be written is needed there; --out names another',
      },
    )
  }
  return out
}

/** Removes the result that an earlier run left: one that is ended early must not seem to have found it. */
export async function forgetResult(out: string, stage: string, shard: string | undefined): Promise<void> {
  await rm(resultFile(out, stage, shard), { force: true })
}

function resultFile(out: string, stage: string, shard: string | undefined): string {
  return join(out, 'results', `${fileStem(stage, shard)}.json`)
}

/** Keeps a result as JSON, whole or not at all; the file. */
export async function keepResult(out: string, result: StageResult): Promise<string> {
  const file = resultFile(out, result.stage, result.shard)
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  await writeFile(part, `${JSON.stringify(result, null, 2)}\n`)
  await rename(part, file)
  return file
}

/** `cross-compile-go`, or `cross-compile-go-2-of-4` for a part. */
export function fileStem(stage: string, shard?: string): string {
  return [stage, shard?.replace('/', '-of-')].filter((part) => part !== undefined).join('-')
}
