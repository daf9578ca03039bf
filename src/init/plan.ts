import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveInside } from '../project/inside.ts'
import { type MeshConfig, readConfig } from '../project/load.ts'
import { PROJECT_FILE } from '../project/project-file.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { dockerfiles, type NewFile } from './dockerfiles.ts'
import { imagesOf } from './images.ts'
import { makefile, makefilePath } from './makefile.ts'
import { meshFile, saysTheSame } from './mesh-file.ts'
import type { Survey } from './survey.ts'
import { workflow, workflowPath } from './workflow.ts'

/** A file that a project is to have, beside what it has. */
export interface PlannedFile extends NewFile {
  /** Its text now; undefined where it is not there. */
  readonly before: string | undefined
  readonly state: 'new' | 'same' | 'differs'
}

export interface Plan {
  readonly files: readonly PlannedFile[]
  /** What the project's mesh.yml, or the defaults, will say. */
  readonly config: MeshConfig
}

export interface PlanOptions {
  /** The text of the starter workflow. */
  readonly template: string
  /** The address of the JSON Schema of mesh.yml. */
  readonly schema: string
  /** Whether files that are there give way; a mesh.yml that stays is what the other files are made after. */
  readonly force: boolean
}

/**
 * What init would write into a project (absolute folder). Throws a ConfigurationError for a project of neither Go nor
 * Python, a mesh.yml that is not valid and stays, and something else where a file should be.
 */
export async function plan(found: Survey, options: PlanOptions): Promise<Plan> {
  if (!found.go && found.packages.length === 0) {
    throw new ConfigurationError('neither go.mod nor a Python package is here', {
      fix: 'looked for a go.mod, and for a pyproject.toml with [project] or [build-system], in this folder and those below',
    })
  }
  const { directory } = found.listing
  const kept = options.force ? undefined : await textOf(directory, PROJECT_FILE)
  if (!found.listing.files.includes(PROJECT_FILE) && found.listing.files.includes('mesh.yaml')) {
    throw new ConfigurationError('mesh.yaml is not read', { fix: `call it ${PROJECT_FILE}` })
  }
  // Images follow from the commands, of which a file without images already speaks.
  const commands = kept ?? meshFile(found, {}, options.schema) ?? ''
  const images = dockerfiles(readConfig(PROJECT_FILE, commands), found)
  const mesh = meshFile(found, imagesOf(await dockerfilesOf(found, images)), options.schema)
  const config = readConfig(PROJECT_FILE, kept ?? mesh ?? '')
  const files: readonly NewFile[] = [
    ...(mesh === undefined ? [] : [{ path: PROJECT_FILE, text: mesh }]),
    { path: workflowPath(found), text: workflow(options.template, found) },
    { path: makefilePath(found), text: makefile(config, found) },
    ...images,
  ]
  return { files: await Promise.all(files.map((file) => compared(directory, file))), config }
}

/** Those that are there, and those that will be. */
async function dockerfilesOf(found: Survey, written: readonly NewFile[]): Promise<readonly NewFile[]> {
  const there = found.dockerfiles.map(async (path) => ({ path, text: await found.listing.read(path) }))
  return [...(await Promise.all(there)), ...written.filter(({ path }) => path.endsWith('.Dockerfile'))]
}

async function compared(directory: string, file: NewFile): Promise<PlannedFile> {
  const before = await textOf(directory, file.path)
  if (before === undefined) return { ...file, before, state: 'new' }
  const same = before === file.text || (file.path === PROJECT_FILE && saysTheSame(before, file.text))
  return { ...file, before, state: same ? 'same' : 'differs' }
}

async function textOf(directory: string, path: string): Promise<string | undefined> {
  const file = join(directory, path)
  // The workflow of a project below the top of its repository lies above it.
  if (!path.startsWith('../') && resolveInside(directory, path) === undefined) {
    throw new ConfigurationError(`${path} leads out of the project`, {
      fix: 'it is, or lies in, a symbolic link',
    })
  }
  const status = await lstat(file).catch(absent)
  if (!status) return undefined
  if (status.isDirectory()) throw new ConfigurationError(`${path} is there and is a folder`)
  return readFile(file, 'utf8')
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
