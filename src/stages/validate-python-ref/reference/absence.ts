import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { ask } from '../../../toolchain/command.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { pythonOnPath } from './interpreter.ts'
import { readLayouts } from './layout.ts'

/** What a check says that cannot be answered, as packages of the project are not installed. */
export type Absence = Pick<Check, 'verdict' | 'detail' | 'fix'>

/** Of [name, modules] pairs the names that no installation knows, and none of whose modules is found. */
const SCRIPT = `
import importlib.metadata as metadata, importlib.util, json, sys
def is_there(name, modules):
    try:
        return metadata.distribution(name) is not None
    except metadata.PackageNotFoundError:
        return any(importlib.util.find_spec(module) for module in modules)
print(json.dumps([name for name, modules in json.loads(sys.argv[1]) if not is_there(name, modules)]))
`

/**
 * What is to be said of commands and tests where packages of the project are not installed in the environment of the
 * python on PATH: they would all fail for that one reason. Undefined where all of them are, broken or not.
 */
export async function absenceOf(project: Project, places: ToolPlaces): Promise<Absence | undefined> {
  const layouts = await readLayouts(project)
  const pairs = layouts.flatMap(({ name, modules }) =>
    name === undefined ? [] : [[name, [...new Set(modules.map((one) => one.name.split('.')[0]))]]],
  )
  if (pairs.length === 0) return undefined
  const answer = await ask(
    [await pythonOnPath(places), '-I', '-B', '-c', SCRIPT, JSON.stringify(pairs)],
    places,
  )
  // A Python that cannot even say this is told by each check in its own words.
  if ('failure' in answer) return undefined
  return absent(JSON.parse(answer.stdout) as readonly string[])
}

/** The same of packages that are known by name not to be there. */
export function absent(names: readonly string[]): Absence | undefined {
  if (names.length === 0) return undefined
  const are = names.length === 1 ? 'is' : 'are'
  return {
    verdict: 'inconclusive',
    detail: `${names.join(' and ')} ${are} not installed in the environment of the python on PATH`,
    fix: 'run setup-mesh-toolchain first',
  }
}
