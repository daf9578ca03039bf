import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Project } from '../../../project/load.ts'

/** What a package of the project holds, as its folder shows it; nothing of it is run or installed. */
export interface PackageLayout {
  /** Its folder as mesh.yml names it. */
  readonly path: string
  /** Absolute. */
  readonly folder: string
  /** The folder that its modules are in, relative to the project: the package's own, or src in it. */
  readonly root: string
  /** Its name as a distribution, and what it installs as commands, where pyproject.toml tells. */
  readonly name: string | undefined
  readonly scripts: readonly Script[]
  /** The group or extra that declares pytest: the group "test". */
  readonly pytest: string | undefined
  /** Why pyproject.toml cannot be read. */
  readonly broken: string | undefined
  /** Whether the folder is there at all. */
  readonly isThere: boolean
  /** Import paths below `root`, sorted: mcp_mesh, mcp_mesh.decorator. */
  readonly modules: readonly Module[]
}

/** A command that a package installs. */
interface Script {
  readonly name: string
  /** What it calls: mcp_mesh.cli:main. */
  readonly target: string
  /** Of pyproject.toml. */
  readonly line: number
}

interface Module {
  readonly name: string
  /** Relative to the project. */
  readonly file: string
}

/** Folders beside the modules of a package that has no src. */
const NOT_MODULES = new Set(
  'tests test testing docs doc examples scripts tools benchmarks build dist setup conftest noxfile'.split(
    ' ',
  ),
)

/** Reads the layout of every package that mesh.yml names. A folder that is not there is told in the layout. */
export async function readLayouts(project: Project): Promise<readonly PackageLayout[]> {
  return Promise.all(project.config.python.packages.map((path) => readLayout(project, path)))
}

async function readLayout(project: Project, written: string): Promise<PackageLayout> {
  const path = posix.normalize(written).replace(/(?<=.)\/$/, '')
  const folder = project.resolve(path)
  const entries = await listed(folder)
  const described = await readPyproject(join(folder, 'pyproject.toml'))
  const hasSource = entries.some((entry) => entry.name === 'src' && entry.isDirectory())
  const root = hasSource ? posix.join(path, 'src') : path
  const tops = hasSource ? await listed(join(folder, 'src')) : entries.filter(isFlatModule(described.name))
  const modules = await Promise.all(
    tops.map((entry) => modulesOf(project.directory, root, '', entry, !hasSource)),
  )
  return {
    ...{ path, folder, root, ...described },
    isThere: entries.length > 0,
    modules: modules.flat().sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Where a package has a module of its own name, what lies beside that is not installed. */
function isFlatModule(distribution: string | undefined) {
  const own = distribution?.replace(/[-_.]+/g, '_').toLowerCase()
  return ({ name }: Dirent) => {
    const module = name.replace(/\.py$/, '')
    return module === own || !NOT_MODULES.has(module)
  }
}

async function modulesOf(
  directory: string,
  parent: string,
  prefix: string,
  entry: Dirent,
  needsInit = false,
): Promise<readonly Module[]> {
  const file = posix.join(parent, entry.name)
  if (entry.name.endsWith('.py') && (await isFile(entry, join(directory, file)))) {
    const stem = entry.name.slice(0, -'.py'.length)
    if (!isIdentifier(stem) || isTest(stem)) return []
    if (stem === '__init__') return prefix === '' ? [] : [{ name: prefix.slice(0, -1), file }]
    return [{ name: prefix + stem, file }]
  }
  if (!entry.isDirectory() || !isIdentifier(entry.name) || /^(tests?|__pycache__)$/.test(entry.name))
    return []
  const inside = await listed(join(directory, file))
  if (needsInit && !inside.some(({ name }) => name === '__init__.py')) return []
  const found = await Promise.all(
    inside.map((one) => modulesOf(directory, file, `${prefix}${entry.name}.`, one)),
  )
  return found.flat()
}

/** Or a link to one. Links to folders are not followed: they may lead in circles. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile()
  return (await stat(path).catch(absent))?.isFile() ?? false
}

/** Tests inside of a package are run by pytest; they need what the package does not declare. */
function isTest(stem: string): boolean {
  return /^(test_.*|.*_test|conftest)$/.test(stem)
}

/** A name that `import` takes, keywords apart. */
export function isIdentifier(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
}

type Described = Pick<PackageLayout, 'name' | 'scripts' | 'pytest' | 'broken'>

async function readPyproject(file: string): Promise<Described> {
  const text = await readFile(file, 'utf8').catch(absent)
  const nothing = { name: undefined, scripts: [], pytest: undefined, broken: undefined }
  if (text === undefined) return nothing
  const { parse, TomlError } = await import('smol-toml')
  try {
    const { project, 'dependency-groups': groups } = parse(text)
    const { name, scripts, 'optional-dependencies': extras } = tableOf(project)
    return {
      name: typeof name === 'string' ? name : undefined,
      scripts: Object.entries(tableOf(scripts)).map(([script, target]) => ({
        name: script,
        target: String(target),
        line: lineOf(text, script),
      })),
      pytest: declaring('group', tableOf(groups)) ?? declaring('extra', tableOf(extras)),
      broken: undefined,
    }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    return { ...nothing, broken: error.message.split('\n')[0] ?? '' }
  }
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

/** The line on which a key is set; the first where it cannot be found. */
function lineOf(text: string, key: string): number {
  const index = text.split('\n').findIndex((line) => {
    const [written] = line.split('=', 1)
    return line.includes('=') && written?.trim().replace(/^(["'])(.*)\1$/, '$2') === key
  })
  return Math.max(1, index + 1)
}

function declaring(kind: 'group' | 'extra', lists: Readonly<Record<string, unknown>>): string | undefined {
  const found = Object.entries(lists).find(
    ([, list]) =>
      Array.isArray(list) && list.some((one) => typeof one === 'string' && /^pytest(?![\w.-])/i.test(one)),
  )
  return found && `the ${kind} "${found[0]}"`
}

async function listed(folder: string): Promise<readonly Dirent[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? []
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
