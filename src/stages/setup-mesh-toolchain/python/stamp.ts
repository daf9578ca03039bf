import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import type { PythonPackage } from '../../../toolchain/python-packages.ts'
import type { FoundTool } from '../../../toolchain/tool.ts'
import type { ExtraRequirement } from './extra-requirements.ts'

/** Raised when the environments that an earlier version of the suite made will not do any more. */
const FORMAT = 1

/** Files that say what a package needs and is. */
const DESCRIBING = /^(pyproject\.toml|setup\.(py|cfg)|.*requirements.*\.(txt|in)|MANIFEST\.in)$/

/** What an installation leaves in a package's folder itself. */
const BY_PRODUCTS = /^(\..*|__pycache__|build|dist|.*\.egg-info)$/

/**
 * One word for all that an environment is made of: interpreter, descriptions of the packages, requirements. Another
 * word, another environment. Which modules a package has counts too, since some backends list them when they install.
 */
export async function stampOf(
  python: FoundTool,
  packages: readonly PythonPackage[],
  extra: readonly ExtraRequirement[],
): Promise<string> {
  const described = await allEnded(packages.map(({ path, folder }) => describe(path, folder)))
  const all = { format: FORMAT, version: python.version, executable: python.executable, described, extra }
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}

async function describe(path: string, folder: string) {
  const names = await namesIn(folder)
  const files = await allEnded(
    names
      .filter((name) => DESCRIBING.test(name))
      .map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  )
  return { path, folder, names, modules: await namesIn(join(folder, 'src')), files }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
    return []
  })
  return names.filter((name) => !BY_PRODUCTS.test(name)).sort()
}
