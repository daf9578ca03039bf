import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { processTable } from '../../../process/process-table.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import { isGone } from '../../../toolchain/half-made.ts'
import { removed } from '../../../toolchain/made-once.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { madeFor, venvsIn } from './venv.ts'

/**
 * Removes the environments whose project's folder is no more. Only those that this machine made for a path of its own:
 * on another one, or in a container, the folder may be there. One that a process works in stays.
 */
export async function sweepVenvs({ userCache, log }: ToolPlaces): Promise<void> {
  const folder = venvsIn(userCache)
  for (const name of await readdir(folder)) {
    const venv = join(folder, name)
    try {
      const made = await madeFor(venv)
      if (!made || !isGone(made.owner) || !(await isMissing(made.directory)) || isInUse(venv)) continue
      await removed(venv)
      log.info(`virtual environment ${venv}: removed, as there is no ${made.directory} any more`)
    } catch (error) {
      // What another run removes meanwhile, or another user's, is not this run's misfortune.
      const isOfFiles = (error as NodeJS.ErrnoException).syscall !== undefined
      if (!isOfFiles && !(error instanceof ConfigurationError)) throw error
      log.info(`virtual environment ${venv}: left as it is, ${(error as Error).message}`)
    }
  }
}

/** Only what is certainly not there: a folder that may not be looked at is there. */
function isMissing(directory: string): Promise<boolean> {
  return stat(directory).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT' || code === 'ENOTDIR',
  )
}

/** Whether it is the active environment of a process; the steps after this stage have it as theirs. */
function isInUse(venv: string): boolean {
  return processTable().some(({ carries }) => carries(`VIRTUAL_ENV=${venv}`))
}
