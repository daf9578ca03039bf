import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { allEnded } from '../../../process/all-ended.ts'
import type { PythonPackage } from '../../../toolchain/python-packages.ts'
import { type InstalledPackage, sitePackages } from './venv.ts'

/** Which of the project's packages an environment has, by the folder that each was installed from. */
export async function editableIn(
  venv: string,
  packages: readonly PythonPackage[],
): Promise<readonly InstalledPackage[]> {
  const site = await sitePackages(venv)
  const names = (await readdir(site)).filter((name) => name.endsWith('.dist-info'))
  const found = await allEnded(
    names.map(async (name) => {
      const url = await readFile(join(site, name, 'direct_url.json'), 'utf8').catch(() => undefined)
      if (url === undefined) return []
      const folder = fileURLToPath((JSON.parse(url) as { url: string }).url).replace(/(?<=.)[\\/]$/, '')
      const one = packages.find((each) => each.folder === folder)
      const [distribution = '', version = ''] = name.slice(0, -'.dist-info'.length).split('-')
      return one ? [{ path: one.path, name: one.name ?? distribution, version }] : []
    }),
  )
  return found.flat()
}

/**
 * Clears away what an installation added to the project's tree. setuptools writes NAME.egg-info beside the sources even
 * for an editable install, which does not need it (the environment has a dist-info of its own), and git then calls the
 * tree dirty. Folders that were there before stay.
 */
export async function withoutEggInfo<T>(
  packages: readonly PythonPackage[],
  install: () => Promise<T>,
): Promise<T> {
  const before = new Set(await eggInfos(packages))
  try {
    return await install()
  } finally {
    const added = (await eggInfos(packages)).filter((folder) => !before.has(folder))
    await allEnded(added.map((folder) => rm(folder, { recursive: true, force: true })))
  }
}

/** Every *.egg-info in the packages' folders and one level below, where sources are. */
async function eggInfos(packages: readonly PythonPackage[]): Promise<readonly string[]> {
  const found = await allEnded(
    packages.map(async ({ folder }) => {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
      const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      const folders = [folder, ...below.map((entry) => join(folder, entry.name))]
      const names = await allEnded(
        folders.map(async (one) => {
          const inside = await readdir(one).catch(() => [] as string[])
          return inside.filter((name) => name.endsWith('.egg-info')).map((name) => join(one, name))
        }),
      )
      return names.flat()
    }),
  )
  return found.flat()
}
