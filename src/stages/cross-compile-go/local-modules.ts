import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** A path after `=>` or of a `use`, which is a folder only when it begins as a path does. */
const FOLDER = String.raw`("(?:[^"\\]|\\.)*"|\`[^\`]*\`|\S+)`
const REPLACED = new RegExp(String.raw`=>[ \t]+${FOLDER}[ \t]*$`, 'gm')
const USED = new RegExp(String.raw`^[ \t]*(?:use[ \t]+)?${FOLDER}[ \t]*$`, 'gm')

/** What a build of a module takes from elsewhere on this machine. */
export interface LocalModules {
  /** Folders of the modules, absolute: that of the module itself first, then those of a go.work or of `replace`. */
  readonly folders: readonly string[]
  /** The go.work that holds for the module, absolute. */
  readonly workspace: string | undefined
}

/**
 * The modules that are built from their folders rather than fetched: those that a go.work uses or that a go.mod puts in
 * the stead of others, and those that they put in the stead of others themselves.
 */
export async function localModules(module: string, goWork: string | undefined): Promise<LocalModules> {
  const workspace = await workspaceOf(module, goWork)
  const text = workspace && (await textOf(workspace))
  const waiting = [module]
  if (workspace && text) {
    waiting.push(
      ...foldersIn(text, USED, dirname(workspace)),
      ...foldersIn(text, REPLACED, dirname(workspace)),
    )
  }
  const folders = new Set<string>()
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    if (folders.has(folder)) continue
    folders.add(folder)
    waiting.push(...foldersIn((await textOf(join(folder, 'go.mod'))) ?? '', REPLACED, folder))
  }
  return { folders: [...folders], workspace: text === undefined ? undefined : workspace }
}

/** As Go looks for it: GOWORK, else the nearest one in the module's folder or above. */
async function workspaceOf(module: string, goWork: string | undefined): Promise<string | undefined> {
  if (goWork === 'off') return undefined
  if (goWork) return goWork
  for (let folder = module; ; folder = dirname(folder)) {
    const file = join(folder, 'go.work')
    if ((await textOf(file)) !== undefined) return file
    if (folder === dirname(folder)) return undefined
  }
}

function foldersIn(text: string, line: RegExp, from: string): readonly string[] {
  return [...text.replace(/\/\/.*$/gm, '').matchAll(line)]
    .map(([, path = '']) => path.replace(/^(["`])(.*)\1$/s, '$2'))
    .filter((path) => /^(\.{1,2}(\/|$)|\/)/.test(path))
    .map((path) => resolve(from, path))
}

function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}
