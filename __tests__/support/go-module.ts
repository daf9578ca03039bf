import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { loadProject, type Override } from '../../src/project/load.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import {
  type CrossCompileData,
  type CrossCompileOptions,
  crossCompile,
} from '../../src/stages/cross-compile-go/index.ts'
import { stageContext } from './stage-context.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** GOOS/GOARCH of this machine, and one that it is not. */
export const HOST = `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`
export const FOREIGN = 'windows/amd64'
/** The same as they stand in the ids of checks. */
export const HOST_ID = HOST.replace('/', '-')
export const FOREIGN_ID = FOREIGN.replace('/', '-')

/** A program that answers `--version` and greets. It imports little, so that it is built in a moment. */
const PROGRAM = `package main

import (
	"os"

	"example.com/mesh/internal/shared"
)

var version = "unstamped"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		os.Stdout.WriteString("version " + version + "\\n")
		return
	}
	os.Stdout.WriteString(shared.Greeting + "\\n")
}
`

/** The smallest program: it ends at once, whatever it is asked. */
export const SILENT = 'package main\n\nfunc main() {}\n'

/** The two commands of the seed's layout, a package that both import, and no dependencies. */
const MODULE: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/mesh\n\ngo 1.24\n',
  'cmd/mcp-mesh-registry/main.go': PROGRAM,
  'cmd/mcp-mesh-dev/main.go': PROGRAM,
  'internal/shared/shared.go': 'package shared\n\nconst Greeting = "hello"\n',
}

export interface MeshOptions {
  /** The keys of `go` in mesh.yml; platforms are this machine's own where they are not given. */
  readonly go?: Readonly<Record<string, unknown>>
  readonly before?: readonly (readonly string[])[]
  /** Files beside those of the module, or in their stead; undefined leaves one out. */
  readonly files?: Readonly<Record<string, string | undefined>>
}

export interface Mesh extends AsyncDisposable {
  readonly directory: string
  /** The stage's temporary folder; empty when it left nothing behind. */
  readonly temporary: string
  read(path: string): Promise<string>
  write(files: Readonly<Record<string, string>>): Promise<void>
  compile(
    options?: CrossCompileOptions,
    context?: Parameters<typeof stageContext>[1],
    overrides?: readonly Override[],
  ): Promise<StageResult<CrossCompileData>>
}

/** A small real mesh in a temporary folder, ready to be built with the Go of this machine. */
export async function goMesh({ go = {}, before = [], files = {} }: MeshOptions = {}): Promise<Mesh> {
  const folder = await temporaryFolder()
  const directory = join(folder.path, 'project')
  const temporary = join(folder.path, 'temporary')
  await mkdir(temporary, { recursive: true })
  // JSON is YAML.
  const config = JSON.stringify({ before, go: { platforms: [HOST], ...go } })
  await writeFiles(directory, { ...MODULE, 'mesh.yml': config, ...files })
  return {
    directory,
    temporary,
    read: (path) => readFile(join(directory, path), 'utf8'),
    write: (more) => writeFiles(directory, more),
    compile: (options = {}, context = {}, overrides = []) =>
      crossCompile(loadProject({ directory, overrides }), options, stageContext(temporary, context)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** The files of the module under another folder, for a project whose go.mod is not at its top. */
export function moduleIn(folder: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(MODULE).flatMap(([path, text]) => [
      [path, undefined],
      [`${folder}/${path}`, text],
    ]),
  )
}

export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

/**
 * Puts a `go` before the real one on this process's PATH, until its scope ends: a shell script in which `$GO` is the
 * real one. It stands in for the wrappers that machines have, and lies where the real Go never would.
 */
export async function goWrapper(folder: string, script: string): Promise<AsyncDisposable> {
  const path = process.env.PATH
  const real = execFileSync('which', ['go'], { encoding: 'utf8' }).trim()
  const wrapper = join(folder, 'wrapper')
  await mkdir(wrapper)
  await writeFile(join(wrapper, 'go'), `#!/bin/sh\nGO='${real}'\n${script}\n`)
  await chmod(join(wrapper, 'go'), 0o755)
  process.env.PATH = `${wrapper}${delimiter}${path}`
  return {
    async [Symbol.asyncDispose]() {
      process.env.PATH = path
      await rm(wrapper, { recursive: true })
    },
  }
}
