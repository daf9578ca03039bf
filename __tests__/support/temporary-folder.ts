import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A fresh folder (absolute, without symbolic links in its path) that is gone when its scope ends. */
export async function temporaryFolder() {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'mesh-actions-test-')))
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true })
    },
  }
}
