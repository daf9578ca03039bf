import { readFileSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { suiteFolder } from '../../platform/suite.ts'

/**
 * Copies of the suite what a runner needs: the files that its package holds, and none of what a checkout or an
 * installation has beside them. act copies the folder that it is given whole.
 */
export async function copySuite(to: string): Promise<void> {
  const from = suiteFolder()
  const { files } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { files: string[] }
  for (const name of ['package.json', ...files]) {
    await mkdir(dirname(join(to, name)), { recursive: true })
    await cp(join(from, name), join(to, name), { recursive: true }).catch(absent)
  }
}

/** An older copy may lack what a newer one lists. */
function absent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
