import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Environment } from '../../../process/environment.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'

const NAMES = process.platform === 'win32' ? ['python.exe'] : ['python', 'python3']

/**
 * The `python` that is first on PATH, absolute: in a job that ran setup-mesh-toolchain that of the project's
 * environment. Throws a ConfigurationError where there is none.
 */
export async function pythonOnPath(places: ToolPlaces): Promise<string> {
  const folders = (places.environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of NAMES) {
    for (const folder of folders) {
      const program = join(folder, name)
      if (await isExecutable(program)) return program
    }
  }
  throw new ConfigurationError('there is no python on PATH', { fix: 'run setup-mesh-toolchain first' })
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** What programs of the reference have in their environment, as changes: nothing of theirs is written into the tree. */
export function referenceEnvironment({ environment }: ToolPlaces): Environment {
  return { VIRTUAL_ENV: environment.VIRTUAL_ENV, PYTHONDONTWRITEBYTECODE: '1' }
}
