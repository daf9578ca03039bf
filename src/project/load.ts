import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { ConfigurationError, type Place } from '../result/configuration-error.ts'
import { explain, type Override } from './explain.ts'
import { resolveInside } from './inside.ts'
import { PROJECT_FILE } from './project-file.ts'
import { type MeshConfig, meshSchema } from './schema.ts'
import { type KeyPath, readSource, type Source } from './source.ts'

export type { Override } from './explain.ts'
export type { MeshConfig } from './schema.ts'

/** The repository under test, as its mesh.yml (or the defaults) describes it. */
export interface Project {
  /** Absolute. */
  readonly directory: string
  /** The project file, relative to the folder; it need not exist. */
  readonly file: string
  readonly config: MeshConfig
  /** The place of a key's value, when the project has a file and the value comes from there. */
  place(path: KeyPath): Place | undefined
  /** How the user knows a key: `go.platforms`, or `input "platforms"` where that brought its value. */
  label(path: KeyPath): string
  /**
   * The absolute path of a path in the project.
   * Throws a ConfigurationError when it leads out of it, by `..` or by a symbolic link.
   */
  resolve(...path: readonly string[]): string
}

export interface LoadOptions {
  /** The project's folder. */
  readonly directory: string
  /** The project file, relative to the folder; default mesh.yml, which need not exist. Null: none is read. */
  readonly file?: string | null | undefined
  /** Values that win over the file's. */
  readonly overrides?: readonly Override[]
}

/**
 * Reads mesh.yml, or takes the defaults where there is none.
 * Throws one ConfigurationError with file, line and column for whatever is wrong in it.
 */
export function loadProject({ directory, file, overrides = [] }: LoadOptions): Project {
  const root = resolve(directory)
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigurationError(`no folder ${directory}`)
  }
  const source = file === null ? undefined : readProjectFile(root, file)
  const schema = meshSchema({
    refusePath: (path) =>
      resolveInside(root, path) === undefined
        ? 'expected a path inside the project; a symbolic link leads out of it'
        : undefined,
  })
  const parsed = schema.safeParse(withOverrides(source?.value ?? {}, overrides), { reportInput: false })
  if (!parsed.success) throw explain(parsed.error.issues, source, overrides)
  const overriding = (path: KeyPath) =>
    overrides.find((one) => one.path.every((part, at) => part === path[at]))
  return {
    directory: root,
    file: file ?? PROJECT_FILE,
    config: parsed.data,
    place: (path) => (overriding(path) ? undefined : source?.placeOfValue(path)),
    label: (path) => overriding(path)?.from ?? path.join('.'),
    resolve: (...path) => {
      const target = resolveInside(root, join(...path))
      if (target === undefined) throw new ConfigurationError(`${join(...path)} leads out of the project`)
      return target
    },
  }
}

/**
 * What the text of a project file says, of whatever commit: its paths are not held against any folder.
 * Throws a ConfigurationError, which calls the file `file`.
 */
export function readConfig(file: string, text: string): MeshConfig {
  const source = readSource(file, text)
  const schema = meshSchema({ refusePath: () => undefined })
  const parsed = schema.safeParse(source.value ?? {}, { reportInput: false })
  if (!parsed.success) throw explain(parsed.error.issues, source, [])
  return parsed.data
}

function readProjectFile(root: string, file: string | undefined): Source | undefined {
  const path = resolveInside(root, file ?? PROJECT_FILE)
  if (path === undefined || (file !== undefined && isAbsolute(file))) {
    throw new ConfigurationError(`the project file ${file ?? PROJECT_FILE} is outside of the project`)
  }
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found && file === undefined) {
    if (existsSync(join(root, 'mesh.yaml'))) {
      throw new ConfigurationError('mesh.yaml is not read', { fix: 'call it mesh.yml' })
    }
    return undefined
  }
  if (!found) throw new ConfigurationError(`no file ${file} in ${basename(root)}`)
  if (!found.isFile()) throw new ConfigurationError(`${file ?? PROJECT_FILE} in ${basename(root)} is no file`)
  const shown = relative(process.cwd(), path)
  return readSource(shown.startsWith('..') ? path : shown, readFileSync(path, 'utf8'))
}

function withOverrides(value: unknown, overrides: readonly Override[]): unknown {
  const copy: unknown = structuredClone(value)
  for (const { path, value: replacement } of overrides) {
    let inner = copy
    for (const [index, part] of path.entries()) {
      // What is no object here is the file's mistake, which the schema then names.
      if (typeof inner !== 'object' || inner === null) break
      const holder = inner as Record<string | number, unknown>
      if (index === path.length - 1) holder[part] = replacement
      else holder[part] ??= {}
      inner = holder[part]
    }
  }
  return copy
}
