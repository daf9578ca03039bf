import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'
import type { NewFile } from './dockerfiles.ts'

/** Writes a file into a project, whole or not at all. Throws a ConfigurationError where that is not allowed. */
export async function writeWhole(directory: string, { path, text }: NewFile): Promise<void> {
  const file = join(directory, path)
  const part = `${file}.${process.pid}.part`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(part, text, { flag: 'wx' })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigurationError(`cannot write ${path}: ${code ?? error}`)
  }
}
