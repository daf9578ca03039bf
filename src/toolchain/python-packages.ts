import { readFile, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Project } from '../project/load.ts'
import { ConfigurationError } from '../result/configuration-error.ts'

/** A Python package of the project, as its pyproject.toml describes it. */
export interface PythonPackage {
  /** Its folder as mesh.yml names it. */
  readonly path: string
  /** Its folder, absolute. */
  readonly folder: string
  /** Its pyproject.toml, relative to the project. */
  readonly file: string
  /** Its name as a distribution, where pyproject.toml gives one. */
  readonly name: string | undefined
  readonly requiresPython: { readonly specifiers: string; readonly line: number } | undefined
  /** Why it cannot be installed as it is: pyproject.toml cannot be read, or the whole folder is gone. */
  readonly broken: Broken | undefined
}

interface Broken {
  readonly message: string
  /** In pyproject.toml. */
  readonly line?: number
  readonly fix?: string
}

/**
 * Reads every package that mesh.yml names. What is broken or gone is told in the package, since it is the code under
 * test. Throws a ConfigurationError for a folder that is no Python package.
 */
export async function readPackages(project: Project): Promise<readonly PythonPackage[]> {
  return Promise.all(project.config.python.packages.map((path, index) => readPackage(project, path, index)))
}

async function readPackage(project: Project, written: string, index: number): Promise<PythonPackage> {
  const path = posix.normalize(written).replace(/(?<=.)\/$/, '')
  const folder = project.resolve(path)
  const file = posix.join(path, 'pyproject.toml')
  const text = await readFile(join(folder, 'pyproject.toml'), 'utf8').catch(absent)
  if (text !== undefined) return { path, folder, file, ...(await described(text, file)) }
  const nothing = { path, folder, file, name: undefined, requiresPython: undefined }
  if (!(await stat(folder).catch(absent))) {
    const broken = { message: `there is no folder ${path}`, fix: 'restore it, or correct python.packages' }
    return { ...nothing, broken }
  }
  const place = project.place(['python', 'packages', index]) ?? project.place(['python', 'packages'])
  const fix = 'set python.packages to the folders of the packages, or to [] where there are none'
  if (!(await stat(join(folder, 'setup.py')).catch(absent))) {
    throw new ConfigurationError(`python.packages: ${path} has neither pyproject.toml nor setup.py`, {
      place,
      fix,
    })
  }
  return { ...nothing, broken: undefined }
}

async function described(
  text: string,
  file: string,
): Promise<Pick<PythonPackage, 'name' | 'requiresPython' | 'broken'>> {
  const { parse, TomlError } = await import('smol-toml')
  const nothing = { name: undefined, requiresPython: undefined }
  let project: unknown
  try {
    project = parse(text).project
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const message = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
    return { ...nothing, broken: { message: `${file} is broken: ${message}`, line: error.line } }
  }
  // Without [project], setup.py or the backend's own table has the metadata.
  if (project === undefined) return { ...nothing, broken: undefined }
  const broken = (key: string, expected: string) => ({
    ...nothing,
    broken: { message: `${file} is broken: ${key}: expected ${expected}`, line: lineOf(text, key) },
  })
  if (typeof project !== 'object' || project === null) return broken('project', 'a table')
  const { name, 'requires-python': specifiers } = project as Record<string, unknown>
  if (typeof name !== 'string') return broken(name === undefined ? 'project' : 'name', 'a table with a name')
  if (specifiers !== undefined && typeof specifiers !== 'string') {
    return broken('requires-python', 'text, as in ">=3.11"')
  }
  return {
    name,
    requiresPython:
      specifiers === undefined ? undefined : { specifiers, line: lineOf(text, 'requires-python') },
    broken: undefined,
  }
}

/** The line on which a key or a table stands, from 1. */
function lineOf(text: string, key: string): number {
  const found = text.split('\n').findIndex((line) => new RegExp(`^\\s*\\[?\\s*["']?${key}\\b`).test(line))
  return Math.max(0, found) + 1
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
