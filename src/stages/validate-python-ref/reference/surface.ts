import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { succeeded } from '../../../process/run.ts'
import type { Project } from '../../../project/load.ts'
import { failureOf, runTool } from '../../../toolchain/command.ts'
import { pythonTool } from '../../../toolchain/python-tools.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { pythonOnPath } from './interpreter.ts'
import { type PackageLayout, readLayouts } from './layout.ts'
import { inProject } from './place.ts'
import { printCommand } from './signature.ts'
import { SURFACE_SCRIPT } from './surface-script.ts'

const TIMEOUT_MS = 60_000

/** One public name of the reference. */
export interface SurfaceName {
  /** The name with its signature, as it stands in a baseline: see signature.ts for the format. */
  readonly text: string
  /** Where it is defined, relative to the project. */
  readonly file: string
  readonly line: number
}

interface Answer {
  readonly names: readonly { readonly line: string; readonly file: string; readonly number: number }[]
  readonly failed: readonly { readonly file: string; readonly line: number | null; readonly said: string }[]
}

/**
 * The public names of the project's packages with their signatures, read from the source and never imported, and the
 * commands that they install; sorted. In words why they cannot be read, where a file has no valid syntax or griffe
 * cannot be had.
 */
export async function readSurface(
  project: Project,
  places: ToolPlaces,
): Promise<{ readonly names: readonly SurfaceName[] } | { readonly failure: string }> {
  const layouts = await readLayouts(project)
  const modules = layouts.flatMap((one) => one.modules)
  if (modules.length === 0) return { failure: 'python.packages name no module' }
  const python = await pythonOnPath(places)
  const griffe = await pythonTool('griffe', python, places)
  if ('failure' in griffe)
    return { failure: `griffe, which reads the signatures, is not there: ${griffe.failure}` }

  const folder = await mkdtemp(join(places.temporary, 'surface-'))
  try {
    const request = join(folder, 'request.json')
    const answered = join(folder, 'answer.json')
    await writeFile(
      request,
      JSON.stringify({
        roots: layouts.map((one) => project.resolve(one.root)),
        modules: [...new Set(modules.map(({ name }) => name.split('.')[0]))],
        names: modules.map(({ name }) => name),
        files: modules.map(({ file }) => join(project.directory, file)),
      }),
    )
    const argv = [python, '-I', '-B', '-c', SURFACE_SCRIPT, griffe.folder, request, answered]
    const outcome = await places.log.task('Read the public names of the reference', (output) =>
      runTool(argv, places, { timeoutMs: TIMEOUT_MS, output }),
    )
    if (!succeeded(outcome)) return { failure: `griffe: ${failureOf(outcome)}` }
    const { names, failed } = JSON.parse(await readFile(answered, 'utf8')) as Answer
    const [first] = failed
    if (first) {
      const place = [inProject(project, first.file) ?? first.file, first.line].filter((part) => part !== null)
      return { failure: `${place.join(':')}: ${first.said}` }
    }
    const imported = names.map(({ line, file, number }) => ({
      text: line,
      file: inProject(project, file) ?? file,
      line: number,
    }))
    return { names: [...imported, ...layouts.flatMap(commandsOf)].sort((a, b) => (a.text < b.text ? -1 : 1)) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function commandsOf({ path, scripts }: PackageLayout): readonly SurfaceName[] {
  const file = posix.join(path, 'pyproject.toml')
  // What else TOML takes as a key, no installer takes as a command's name.
  const commands = scripts.filter(({ name, target }) => /^\w[\w.-]*$/.test(name) && /^\S+$/.test(target))
  return commands.map((script) => ({ text: printCommand(script), file, line: script.line }))
}
