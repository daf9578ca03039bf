import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Puts a file in its place in one step, so that nobody ever sees half of it; across file systems too. */
export async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    const beside = `${to}.${process.pid}.part`
    await copyFile(from, beside)
    await rename(beside, to)
    await rm(from, { force: true })
  }
}
