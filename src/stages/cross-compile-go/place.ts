import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writing } from './writing.ts'

/**
 * Puts a file in its place in one step, so that nobody ever sees half of it; across file systems too.
 * Throws a ConfigurationError where the place cannot be written to.
 */
export async function place(from: string, to: string): Promise<void> {
  await writing(to, async () => {
    await mkdir(dirname(to), { recursive: true })
    try {
      await rename(from, to)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      await copyAcross(from, to)
    }
  })
}

async function copyAcross(from: string, to: string): Promise<void> {
  const beside = `${to}.${process.pid}.part`
  try {
    await copyFile(from, beside)
    await rename(beside, to)
  } finally {
    await rm(beside, { force: true })
  }
  await rm(from, { force: true })
}
