import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'

/** Makes a new folder for temporary files, for this user alone. Throws a ConfigurationError where none can be made. */
export async function makeTemporary(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigurationError(`cannot write temporary files to ${dirname(folder)}: ${code ?? error}`, {
      fix: 'a folder that can be written is needed there; TMPDIR, or RUNNER_TEMP on a runner, names another',
    })
  }
}
