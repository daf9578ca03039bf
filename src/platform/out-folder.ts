import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Project } from '../project/load.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { StageResult } from '../result/stage-result.ts'
import { writeWhole } from '../result/write-whole.ts'

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
    // Of stages side by side more than one may have made a part of a longer path.
    if (made !== undefined) await writeFile(join(out, '.gitignore'), '*\n')
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

/**
 * Removes what an earlier run left of a stage: one that is ended early must not seem to have found it. A part lets the
 * other parts of its whole stand, which may be under way beside it.
 */
export async function forgetResult(out: string, stage: string, shard: string | undefined): Promise<void> {
  const whole = shard?.split('/')[1]
  const names = (await readdir(join(out, 'results'))).filter((name) => {
    const part = name.startsWith(stage) ? /^(?:-(\d+)-of-(\d+))?\.json$/.exec(name.slice(stage.length)) : null
    return part !== null && !(shard !== undefined && part[2] === whole && `${part[1]}/${part[2]}` !== shard)
  })
  await Promise.all(names.map((name) => rm(join(out, 'results', name), { force: true })))
}

/** Keeps a result as JSON, whole or not at all; the file. */
export async function keepResult(out: string, result: StageResult): Promise<string> {
  const file = join(out, 'results', `${fileStem(result.stage, result.shard)}.json`)
  await writeWhole(file, `${JSON.stringify(result, null, 2)}\n`)
  return file
}

/** `cross-compile-go`, or `cross-compile-go-2-of-4` for a part. */
export function fileStem(stage: string, shard?: string): string {
  return [stage, shard?.replace('/', '-of-')].filter((part) => part !== undefined).join('-')
}
