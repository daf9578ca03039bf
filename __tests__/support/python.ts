import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { delimiter, join } from 'node:path'
import { loadProject, type Project } from '../../src/project/load.ts'
import { checkImports } from '../../src/stages/setup-mesh-toolchain/python/imports.ts'
import { installPackages } from '../../src/stages/setup-mesh-toolchain/python/install.ts'
import { readPackages } from '../../src/toolchain/python-packages.ts'
import type { FoundTool, ToolPlaces } from '../../src/toolchain/tool.ts'
import { findUv } from '../../src/toolchain/uv.ts'
import { writeFiles } from './go-module.ts'
import { listening } from './listening.ts'
import { stageContext } from './stage-context.ts'
import { ROOT } from './suite.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What may stay from run to run: the uv that was fetched, and what uv downloaded. */
const KEPT = join(ROOT, 'node_modules', '.cache', 'toolchain')

export interface PythonPlaces extends ToolPlaces, AsyncDisposable {
  readonly folder: string
  /** What was said. */
  readonly lines: readonly string[]
  readonly environment: Record<string, string | undefined>
}

/** Places in a temporary folder, with caches of their own; PATH is `bin` in it and what `path` names. */
export async function pythonPlaces(path: string = process.env.PATH ?? ''): Promise<PythonPlaces> {
  const folder = await temporaryFolder()
  const bin = join(folder.path, 'bin')
  const temporary = join(folder.path, 'temporary')
  await mkdir(bin)
  await mkdir(temporary)
  const { log, lines, signal } = stageContext(temporary)
  return {
    folder: folder.path,
    log,
    lines,
    signal,
    environment: {
      ...process.env,
      PATH: path === '' ? bin : `${bin}${delimiter}${path}`,
      UV_CACHE_DIR: join(KEPT, 'uv-cache'),
    },
    toolCache: join(folder.path, 'tool-cache'),
    userCache: join(folder.path, 'user-cache'),
    temporary,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** Writes a shell script that can be executed. */
export async function program(file: string, script: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

/** A program that answers as a Python of this version does when it is asked what it is. */
export function answeringAs(version: string, executable: string, implementation = 'CPython'): string {
  return `echo '${JSON.stringify({ version, executable, implementation })}'`
}

/** The Python of this machine, whatever its version. */
export function machinePython(): FoundTool {
  const [version = '', executable = ''] = execFileSync(
    'python3',
    [
      '-I',
      '-c',
      'import os, platform, sys; print(platform.python_version(), os.path.realpath(sys._base_executable))',
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split(' ')
  return { version, executable, addToPath: undefined, where: 'PATH', passedOver: [] }
}

/** Puts a uv on the places' PATH that notes each call and then is the real one; the calls so far. */
export async function countedUv(places: PythonPlaces): Promise<() => Promise<readonly string[]>> {
  const search = await findUv({ ...places, userCache: KEPT }, [machinePython().executable])
  if (!search.found) throw new Error(`no uv for the tests: ${search.passedOver.join('; ')}`)
  const calls = join(places.folder, 'uv-calls')
  await writeFile(calls, '')
  await program(
    join(places.folder, 'bin', 'uv'),
    `echo "$*" >> '${calls}'\nexec '${search.found.executable}' "$@"`,
  )
  return async () => (await readFile(calls, 'utf8')).split('\n').filter((line) => line !== '')
}

/** A project with these files in the places' folder; its mesh.yml names the packages. */
export async function pythonProject(
  places: PythonPlaces,
  packages: readonly string[],
  files: Readonly<Record<string, string | undefined>>,
): Promise<Project> {
  const directory = join(places.folder, 'project')
  await writeFiles(directory, { 'mesh.yml': JSON.stringify({ python: { packages } }), ...files })
  return loadProject({ directory })
}

/** Installs and imports a project's packages with this machine's Python. */
export async function toolchainOf(
  project: Project,
  places: PythonPlaces,
  options: Partial<Parameters<typeof installPackages>[0]> = {},
) {
  const packages = await readPackages(project)
  const python = machinePython()
  const installed = await installPackages({ project, packages, python, ...options }, places)
  const imports = await checkImports(project, packages, installed, places, options.limits)
  return { installed, imports }
}

/** pyproject.toml of a package that hatchling or setuptools builds. */
export function pyproject(
  name: string,
  dependencies: readonly string[] = [],
  rest = '',
  backend: 'hatchling' | 'setuptools' = 'hatchling',
): string {
  const build = backend === 'hatchling' ? 'hatchling.build' : 'setuptools.build_meta'
  return `[build-system]
requires = ["${backend}"]
build-backend = "${build}"

[project]
name = "${name}"
version = "1.2.3"
dependencies = ${JSON.stringify(dependencies)}
${rest}
`
}

/** A package index on this machine. */
export async function indexServer(answer: RequestListener) {
  const server = await listening(createServer(answer))
  return { ...server, url: `http://127.0.0.1:${server.port}/simple` }
}

/** Leads pip and uv to an index and to nothing else. */
export function useIndex(places: PythonPlaces, url: string): void {
  Object.assign(places.environment, {
    PIP_INDEX_URL: url,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_NO_CACHE_DIR: '1',
    PIP_RETRIES: '0',
    PIP_FIND_LINKS: undefined,
    UV_CACHE_DIR: join(places.folder, 'uv-cache'),
    UV_HTTP_RETRIES: '0',
  })
}
