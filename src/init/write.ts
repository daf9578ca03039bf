import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'
import { writeWhole } from '../result/write-whole.ts'
import type { NewFile } from './dockerfiles.ts'

/** Writes a file into a project, whole or not at all. Throws a ConfigurationError where that is not allowed. */
export async function writePlanned(directory: string, { path, text }: NewFile): Promise<void> {
  const file = join(directory, path)
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeWhole(file, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigurationError(`cannot write ${path}: ${code ?? error}`)
  }
}
