import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../../process/environment.ts'
import type { Project } from '../../../project/load.ts'
import { ask, runTool } from '../../../toolchain/command.ts'
import { pythonTool } from '../../../toolchain/python-tools.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { referenceEnvironment } from './interpreter.ts'
import { readJunit } from './junit.ts'
import type { PytestRun } from './pytest-fault.ts'
import { readRecord } from './pytest-record.ts'
import { PYTEST_SCRIPT, STACKS_PLUGIN } from './pytest-script.ts'

/** What would give pytest options and plugins that nobody sees in the project. */
export const UNHEEDED = ['PYTEST_ADDOPTS', 'PYTEST_PLUGINS', 'PYTEST_DISABLE_PLUGIN_AUTOLOAD'] as const

/** A pytest that can be run. */
export interface Pytest {
  readonly python: string
  /** The folder that it was brought in to; undefined when the environment has one. */
  readonly tools: string | undefined
}

const HAS_PYTEST = 'import importlib.util; print(importlib.util.find_spec("pytest") is not None)'

/** The pytest of the environment, else a pinned one; or in words why there is none. */
export async function findPytest(
  python: string,
  places: ToolPlaces,
): Promise<Pytest | { readonly failure: string }> {
  const asked = await ask([python, '-I', '-B', '-c', HAS_PYTEST], places)
  if ('failure' in asked) return { failure: `${python}: ${asked.failure}` }
  if (asked.stdout.trim() === 'True') return { python, tools: undefined }
  const brought = await pythonTool('pytest', python, places)
  return 'failure' in brought ? brought : { python, tools: brought.folder }
}

/**
 * Runs pytest in a folder of the project, and reads what it left. Nothing of it is written into the tree: neither
 * bytecode nor its cache nor temporary folders.
 */
export async function runPytest(
  { python, tools }: Pytest,
  project: Project,
  folder: string,
  places: ToolPlaces,
  options: { readonly title: string; readonly arguments: readonly string[]; readonly timeoutMs: number },
): Promise<PytestRun> {
  const own = await mkdtemp(join(places.temporary, 'pytest-'))
  const [report, record, base] = ['report.xml', 'record', 't'].map((name) => join(own, name)) as [
    string,
    string,
    string,
  ]
  try {
    await mkdir(base)
    await writeFile(join(own, 'mesh_actions_stacks.py'), STACKS_PLUGIN)
    const argv = [
      ...[python, '-c', PYTEST_SCRIPT, tools ?? '', record, String(options.timeoutMs / 1000)],
      // Of the two formats the one that has file and line.
      ...['--junitxml', report, '-o', 'junit_family=xunit1'],
      ...['-o', `cache_dir=${join(own, 'cache')}`, '--basetemp', base],
      ...options.arguments,
    ]
    const outcome = await places.log.task(options.title, (output) =>
      runTool(argv, places, {
        cwd: project.resolve(folder),
        timeoutMs: options.timeoutMs,
        env: environmentFor(places),
        output,
      }),
    )
    return {
      outcome,
      progress: readRecord((await readFile(record, 'utf8').catch(absent)) ?? ''),
      tests: await reportIn(report, places),
    }
  } finally {
    await cleared(own, places)
  }
}

function environmentFor(places: ToolPlaces): Environment {
  return {
    ...referenceEnvironment(places),
    ...Object.fromEntries(UNHEEDED.map((name) => [name, undefined])),
    // Those of a pytest that this one may run in.
    PYTEST_CURRENT_TEST: undefined,
    PYTEST_XDIST_WORKER: undefined,
  }
}

/** One that was torn when the run was ended is as good as none. */
async function reportIn(file: string, { log }: ToolPlaces): Promise<PytestRun['tests']> {
  const xml = await readFile(file, 'utf8').catch(absent)
  if (xml === undefined) return undefined
  try {
    return await readJunit(xml)
  } catch (error) {
    log.warn(`the report of pytest cannot be read: ${(error as Error).message}`)
    return undefined
  }
}

/** Tests may leave folders that nobody is allowed to empty; they go with what they are in. */
async function cleared(folder: string, { log }: ToolPlaces): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch((error: NodeJS.ErrnoException) => {
    log.info(`${folder} is left: ${error.code}`)
  })
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
