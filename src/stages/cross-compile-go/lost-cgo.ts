import type { Environment } from '../../process/environment.ts'
import { succeeded } from '../../process/run.ts'
import { go } from './go.ts'
import type { Command } from './plan.ts'

const LIST_TIMEOUT_MS = 5 * 60_000

interface ListedPackage {
  readonly ImportPath: string
  readonly Standard?: boolean
  readonly CgoFiles?: readonly string[]
}

/**
 * The packages behind the commands that have cgo files on this platform. Built with CGO_ENABLED=0 those files
 * vanish without a word, and what is left may be a stub that fails at run time, as of some SQLite drivers. The
 * standard library's are left out: its pure Go side is complete. Undefined when Go could not list them.
 */
export async function packagesWithCgo(
  commands: readonly Command[],
  options: { cwd: string; env: Environment; tags: readonly string[]; signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  const outcome = await go(
    [
      'list',
      '-e',
      '-deps',
      '-json=ImportPath,Standard,CgoFiles',
      ...(options.tags.length > 0 ? ['-tags', options.tags.join(',')] : []),
      ...commands.map((command) => command.package),
    ],
    {
      cwd: options.cwd,
      env: { ...options.env, CGO_ENABLED: '1' },
      timeoutMs: LIST_TIMEOUT_MS,
      signal: options.signal,
      stdout: 'capture',
    },
  )
  if (!succeeded(outcome)) return undefined
  return parsePackages(outcome.stdout)
    .filter((listed) => !listed.Standard && (listed.CgoFiles?.length ?? 0) > 0)
    .map((listed) => listed.ImportPath)
}

/** `go list -json` prints objects one after another, each closed by a brace in the first column. */
function parsePackages(text: string): readonly ListedPackage[] {
  return text
    .split(/^\}$/m)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => JSON.parse(`${part}}`) as ListedPackage)
}
