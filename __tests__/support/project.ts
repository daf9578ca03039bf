import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadProject, type Override, type Project } from '../../src/project/load.ts'
import { ConfigurationError } from '../../src/result/configuration-error.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A folder with the given files (text by path) that is gone when its scope ends. */
export async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true })
    writeFileSync(join(folder.path, path), text)
  }
  return folder
}

/** A project with this mesh.yml (none: without the file), read. */
export async function projectWith(yaml?: string, overrides: readonly Override[] = []): Promise<Project> {
  await using folder = await folderWith(yaml === undefined ? {} : { 'mesh.yml': yaml })
  return loadProject({ directory: folder.path, overrides })
}

/** The one line that a mesh.yml is refused with, its folder left out. Throws when it is accepted. */
export async function refusalOf(yaml: string, overrides: readonly Override[] = []): Promise<string> {
  await using folder = await folderWith({ 'mesh.yml': yaml })
  try {
    loadProject({ directory: folder.path, overrides })
  } catch (error) {
    if (error instanceof ConfigurationError) return error.oneLine.replaceAll(`${folder.path}/`, '')
    throw error
  }
  throw new Error('it was accepted')
}
