import { ask } from '../../../toolchain/command.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'

/** A file that takes the place of a module of Python's own. */
export interface Shadow {
  readonly module: string
  /** Absolute. */
  readonly file: string
}

const SCRIPT = `
import json, os, sys
standard = getattr(sys, "stdlib_module_names", None) or sys.builtin_module_names
found = []
for folder in sys.argv[1:]:
    for entry in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        init = os.path.join(folder, entry, "__init__.py")
        if entry.endswith(".py") and entry[:-3] in standard:
            found.append({"module": entry[:-3], "file": os.path.join(folder, entry)})
        elif entry in standard and os.path.isfile(init):
            found.append({"module": entry, "file": init})
print(json.dumps(found))
`

/** The files in these folders that an `import` finds before the module of Python's own that has their name. */
export async function shadowsIn(
  folders: readonly string[],
  python: string,
  places: ToolPlaces,
): Promise<readonly Shadow[]> {
  const answer = await ask([python, '-I', '-B', '-c', SCRIPT, ...folders], places)
  return 'failure' in answer ? [] : (JSON.parse(answer.stdout) as readonly Shadow[])
}

/** The one of them that these lines of a failure speak of, by its path or as a module. */
export function blamedIn(lines: readonly string[], shadows: readonly Shadow[]): Shadow | undefined {
  return shadows.find(({ module, file }) =>
    lines.some(
      (line) =>
        line.includes(file) || new RegExp(`module ['"]${module}['"]|from ['"]${module}['"]`).test(line),
    ),
  )
}
