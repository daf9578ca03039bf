import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a text file whole or not at all: nobody finds a half one, also where two processes write it at once. Its folder
 * has to be there. Throws what the file system throws.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  try {
    await writeFile(part, text)
    await rename(part, file)
  } finally {
    await rm(part, { force: true })
  }
}
