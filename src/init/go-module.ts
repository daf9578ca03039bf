import { posix } from 'node:path'
import { isUnder, type Listing } from './listing.ts'

/** The Go module of a project. */
export interface GoModule {
  /** Folder of go.mod, relative to the project; `.` at its top. */
  readonly directory: string
  /** Its path, as go.mod says it. */
  readonly module: string
  /** Its main packages as go.commands has them: the path by the name. */
  readonly commands: Readonly<Record<string, string>>
}

/** The nearest go.mod that has main packages, else the nearest one; undefined where there is none. */
export async function findGoModule(listing: Listing): Promise<GoModule | undefined> {
  const folders = listing.files
    .filter((file) => posix.basename(file) === 'go.mod')
    .map((file) => posix.dirname(file))
    .sort((a, b) => depth(a) - depth(b))
  const modules: GoModule[] = []
  for (const directory of folders) {
    const text = await listing.read(posix.join(directory, 'go.mod'))
    const module = /^module\s+"?([^\s"]+)/m.exec(text)?.[1]
    if (module === undefined) continue
    const nested = folders.filter((other) => other !== directory && isUnder(other, directory))
    const paths = await mainPackages(listing, directory, nested)
    modules.push({ directory, module, commands: namedCommands(paths) })
  }
  return modules.find(({ commands }) => Object.keys(commands).length > 0) ?? modules[0]
}

/** Main packages relative to go.mod: those under cmd/, or where there are none, all. */
async function mainPackages(
  listing: Listing,
  directory: string,
  nested: readonly string[],
): Promise<readonly string[]> {
  const sources = listing.files.filter(
    (file) =>
      /(?<!_test)\.go$/.test(file) &&
      isUnder(file, directory) &&
      !nested.some((other) => isUnder(file, other)),
  )
  const underCmd = sources.filter((file) => posix.relative(directory, file).startsWith('cmd/'))
  const found = await foldersOfMain(listing, underCmd)
  const folders = found.length > 0 ? found : await foldersOfMain(listing, sources)
  return folders.map((folder) => posix.relative(directory, folder))
}

async function foldersOfMain(listing: Listing, files: readonly string[]): Promise<readonly string[]> {
  const folders = new Set<string>()
  for (const file of files) {
    const text = await listing.read(file)
    // What is built by hand alone (go run gen.go) is no command of the module.
    if (/^package main\b/m.test(text) && !/^\/\/go:build ignore$/m.test(text))
      folders.add(posix.dirname(file))
  }
  return [...folders].sort()
}

/**
 * Names main packages: the two that the placeholders {registry} and {cli} stand for are told by the names of their
 * folders, or by being the only one beside the other of the two; the others keep theirs.
 */
function namedCommands(paths: readonly string[]): Readonly<Record<string, string>> {
  const named = (pattern: RegExp, others: readonly string[]) =>
    others.find((path) => pattern.test(posix.basename(path)))
  const onlyBeside = (one: string | undefined) =>
    one !== undefined && paths.length === 2 ? paths.find((path) => path !== one) : undefined
  const likeRegistry = named(/registry/i, paths) ?? named(/server|daemon/i, paths)
  const likeCli = named(
    /(^|[-_])(cli|dev|ctl)$|ctl$/i,
    paths.filter((path) => path !== likeRegistry),
  )
  const registry = likeRegistry ?? onlyBeside(likeCli)
  const cli = likeCli ?? onlyBeside(likeRegistry)
  const entries = paths.map((path): [string, string] => {
    const written = path === '' ? '.' : `./${path}`
    if (path === registry) return ['registry', written]
    if (path === cli) return ['cli', written]
    return [nameOf(path), written]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b)))
}

function rank(name: string): number {
  return name === 'registry' ? 0 : name === 'cli' ? 1 : 2
}

/** A name that mesh.yml takes for a command. */
function nameOf(path: string): string {
  return posix.basename(path).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9._-]+/g, '') || 'main'
}

function depth(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length
}
