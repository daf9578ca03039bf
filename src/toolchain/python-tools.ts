import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { succeeded } from '../process/run.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { ask, failureOf, runTool } from './command.ts'
import { madeOnce, removed } from './made-once.ts'
import { fetchWithPip } from './pip-fetch.ts'
import { PYTHON_TOOLS, type PythonTool } from './python-tools-release.ts'
import type { ToolPlaces } from './tool.ts'
import { findUv } from './uv.ts'

const FETCH_TIMEOUT_MS = 120_000

const QUESTION = 'import sys; print("%d.%d" % sys.version_info[:2])'
/** Whether a folder still holds a package: one without its __init__.py can be imported too, as a namespace. */
const IMPORT = `
import importlib, sys
sys.path.insert(0, sys.argv[1])
sys.exit(importlib.import_module(sys.argv[2]).__file__ is None)
`

/**
 * The folder of a Python tool that the project need not bring, to be put on sys.path: fetched once at its pinned
 * version, with its hashes, by the interpreter's pip (which knows the machine's package proxy), or by uv where the
 * interpreter has none. In words why it cannot be had, where that is so.
 */
export async function pythonTool(
  name: PythonTool,
  python: string,
  places: ToolPlaces,
): Promise<{ readonly folder: string } | { readonly failure: string }> {
  const asked = await ask([python, '-I', '-c', QUESTION], places)
  if ('failure' in asked) return { failure: `${python}: ${asked.failure}` }
  const { version, imports } = PYTHON_TOOLS[name]
  const folder = join(places.userCache, 'python-tools', `${name}-${version}-py${asked.stdout.trim()}`)
  const broken = async () => {
    const answer = await ask([python, '-I', '-B', '-c', IMPORT, folder, imports], places)
    return 'failure' in answer ? answer : undefined
  }
  if (await isThere(folder)) {
    if (!(await broken())) return { folder }
    await removed(folder)
  }
  try {
    await madeOnce(folder, (beside) => fetch(name, python, beside, places))
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { failure: error.message }
  }
  return (await broken()) ?? { folder }
}

async function fetch(name: PythonTool, python: string, folder: string, places: ToolPlaces): Promise<void> {
  const { version, requirements } = PYTHON_TOOLS[name]
  const pinned = {
    title: `Fetch ${name} ${version} from PyPI`,
    requirements,
    timeoutMs: FETCH_TIMEOUT_MS,
  }
  const pip = await ask([python, '-I', '-m', 'pip', '--version'], places)
  if (!('failure' in pip)) return fetchWithPip(python, folder, pinned, places)
  const uv = (await findUv(places, [])).found
  if (!uv) throw new ConfigurationError(`${python} has no pip, and there is no uv`)
  const file = join(folder, 'requirements.txt')
  await writeFile(file, requirements)
  const outcome = await places.log.task(pinned.title, (output) =>
    runTool(
      [
        ...[uv.executable, 'pip', 'install', '--python', python, '--target', folder, '--require-hashes'],
        ...['--no-deps', '--only-binary', ':all:', '--requirement', file],
      ],
      places,
      { timeoutMs: pinned.timeoutMs, output },
    ),
  )
  if (!succeeded(outcome)) throw new ConfigurationError(failureOf(outcome))
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
