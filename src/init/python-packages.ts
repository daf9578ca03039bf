import { posix } from 'node:path'
import { isUnder, type Listing } from './listing.ts'

/** A Python package of a project: a folder with a pyproject.toml that says what to install. */
export interface PythonPackage {
  /** Relative to the project; `.` for the project itself. */
  readonly path: string
  /** The folder that has to be on PYTHONPATH for its modules, relative to the project. */
  readonly root: string
  /** What is imported from it: its top-level packages. */
  readonly imports: readonly string[]
  /** The commands that it installs. */
  readonly scripts: readonly string[]
  readonly hasTests: boolean
}

/** A file that pytest collects. */
const TEST_FILE = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/

export async function findPythonPackages(listing: Listing): Promise<readonly PythonPackage[]> {
  const found: string[] = []
  for (const file of listing.files.filter((one) => posix.basename(one) === 'pyproject.toml')) {
    // One without these holds settings of tools alone.
    if (/^\[(project|build-system)\]/m.test(await listing.read(file))) found.push(posix.dirname(file))
  }
  return Promise.all(found.map((path) => describePackage(listing, path, found)))
}

async function describePackage(
  listing: Listing,
  path: string,
  all: readonly string[],
): Promise<PythonPackage> {
  const nested = all.filter((other) => other !== path && isUnder(other, path))
  const own = listing.files.filter(
    (file) => isUnder(file, path) && !nested.some((other) => isUnder(file, other)),
  )
  const source = posix.join(path, 'src')
  const root = importsIn(own, source).length > 0 ? source : path
  return {
    path,
    root,
    imports: importsIn(own, root),
    scripts: scriptsOf(await listing.read(posix.join(path, 'pyproject.toml'))),
    hasTests: own.some((file) => TEST_FILE.test(file)),
  }
}

/** The packages that lie directly in a folder. */
function importsIn(files: readonly string[], folder: string): readonly string[] {
  const names = files.flatMap((file) => {
    const [name, rest] = posix.relative(folder, file).split('/')
    const isPackage = rest === '__init__.py' && name !== undefined && name !== '..'
    return isPackage && !/^(tests?|docs|examples)$/.test(name) ? [name] : []
  })
  return [...new Set(names)].sort()
}

/** The names in `[project.scripts]`. */
function scriptsOf(text: string): readonly string[] {
  const table = /^\[project\.scripts\]\s*\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? ''
  return [...table.matchAll(/^\s*["']?([\w.-]+)["']?\s*=/gm)].map(([, name = '']) => name)
}

/**
 * The folder that holds the packages and nothing of Go, or where there is none, the packages' own: what may not be
 * deleted.
 */
export function preservedPaths(packages: readonly PythonPackage[], listing: Listing): readonly string[] {
  const parents = [...new Set(packages.map(({ path }) => posix.dirname(path)))]
  const [parent] = parents
  const isTheirs =
    parents.length === 1 &&
    parent !== undefined &&
    parent !== '.' &&
    !listing.files.some((file) => isUnder(file, parent) && /\.go$/.test(file))
  if (isTheirs) return [parent]
  // Of a package at the top of the project only its modules: everything else there changes.
  return packages.flatMap(({ path, root, imports }) => {
    if (path !== '.') return [path]
    if (root !== '.') return [root]
    return imports.length > 0 ? imports : ['pyproject.toml']
  })
}

/** The decorators, which are still the product: what may not even be changed. */
export async function decoratorPaths(
  packages: readonly PythonPackage[],
  listing: Listing,
): Promise<readonly string[]> {
  const own = packages.flatMap(({ root, imports }) => imports.map((name) => posix.join(root, name)))
  const modules = listing.files.filter(
    (file) => file.endsWith('.py') && own.some((folder) => isUnder(file, folder)),
  )
  const folders = modules.flatMap((file) => /^.*\/decorators(?=\/)/.exec(file)?.[0] ?? [])
  if (folders.length > 0) return [...new Set(folders)].sort()
  const defining: string[] = []
  for (const file of modules) {
    if (/^def mesh_agent\b/m.test(await listing.read(file))) defining.push(file)
  }
  return defining
}

/** A command that shows that the reference's own command line works; undefined where none is seen. */
export function referenceCommand(
  packages: readonly PythonPackage[],
  listing: Listing,
): readonly string[] | undefined {
  const roots = packages.flatMap(({ root, imports }) => imports.map((name) => posix.join(root, name)))
  const main = listing.files.find((file) =>
    roots.some((folder) => isUnder(file, folder) && /(^|\/)cli\/(main|__main__)\.py$/.test(file)),
  )
  if (main !== undefined) return ['python', main, '--help']
  const script = packages.flatMap(({ scripts }) => scripts)[0]
  return script === undefined ? undefined : [script, '--help']
}

/** How the Python registry is started: the module that is called after it; undefined where none is seen. */
export function referenceRegistry(
  packages: readonly PythonPackage[],
  listing: Listing,
): readonly string[] | undefined {
  for (const pattern of [
    /(^|\/)registry_server\.py$/,
    /(^|\/)registry\/__main__\.py$/,
    /(^|\/)registry\.py$/,
  ]) {
    for (const { root, imports } of packages) {
      const file = listing.files.find(
        (one) => imports.some((name) => isUnder(one, posix.join(root, name))) && pattern.test(one),
      )
      if (file === undefined) continue
      const module = posix
        .relative(root, file)
        .replace(/(\/__main__)?\.py$/, '')
        .replaceAll('/', '.')
      return ['python', '-m', module]
    }
  }
  return undefined
}
