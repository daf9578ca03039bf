import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { succeeded } from '../process/run.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { ask, failureOf, runTool } from './command.ts'
import type { ToolPlaces } from './tool.ts'

/** What is fetched: a name for the log, and a requirements file with versions and hashes. */
interface Pinned {
  readonly title: string
  readonly requirements: string
  readonly timeoutMs: number
}

/**
 * Puts pinned wheels into a folder with an interpreter's own pip, and with them a requirements.txt that names them.
 * Throws a ConfigurationError when the interpreter has no pip or the index does not give those very files.
 */
export async function fetchWithPip(
  python: string,
  folder: string,
  { title, requirements, timeoutMs }: Pinned,
  places: ToolPlaces,
): Promise<void> {
  const pip = await ask([python, '-I', '-m', 'pip', '--version'], places)
  if ('failure' in pip) throw new ConfigurationError(`${python} has no pip: ${pip.failure}`)
  const file = join(folder, 'requirements.txt')
  await writeFile(file, requirements)
  const outcome = await places.log.task(title, (output) =>
    runTool(
      [
        ...[python, '-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--target', folder],
        ...['--require-hashes', '--no-deps', '--only-binary', ':all:', '--timeout', '15', '--retries', '1'],
        ...['--requirement', file],
      ],
      places,
      { timeoutMs, output },
    ),
  )
  if (succeeded(outcome)) return
  const said = outcome.tail.find((line) => line.startsWith('ERROR: '))?.slice('ERROR: '.length)
  throw new ConfigurationError(said ?? failureOf(outcome))
}
