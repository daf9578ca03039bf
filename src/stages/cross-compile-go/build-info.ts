import { succeeded } from '../../process/run.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { firstComplaint, go } from './go.ts'
import type { Module } from './manifest.ts'

const READ_TIMEOUT_MS = 60_000

/** What a Go program says of its own making; `go version -m` reads it from a file of any platform. */
export interface BuildInfo {
  readonly goVersion: string
  /** Import path of the main package. */
  readonly package: string
  /** Path of the main module. */
  readonly module: string
  readonly modules: readonly Module[]
  /** GOOS, GOARCH, CGO_ENABLED, -trimpath and the like. */
  readonly settings: ReadonlyMap<string, string>
}

/** Reads the build information of files in one call; a file that is no Go program has no entry. */
export async function readBuildInfo(
  files: readonly string[],
  options: { cwd: string; signal: AbortSignal },
): Promise<ReadonlyMap<string, BuildInfo>> {
  if (files.length === 0) return new Map()
  const outcome = await go(['version', '-m', ...files], {
    ...options,
    timeoutMs: READ_TIMEOUT_MS,
    stdout: 'capture',
  })
  // With a file that is no Go program among them the exit code is 1, and the others are listed all the same.
  if (!succeeded(outcome) && outcome.stdout === '' && outcome.ended !== 'exited') {
    throw new ConfigurationError(`go version -m: ${firstComplaint(outcome)}`)
  }
  return parseBuildInfo(outcome.stdout, files)
}

/** Parses what `go version -m` prints: a line `file: goVersion`, then lines that begin with a tab. */
export function parseBuildInfo(text: string, files: readonly string[]): ReadonlyMap<string, BuildInfo> {
  const found = new Map<string, BuildInfo>()
  for (const block of text.split(/^(?=[^\t])/m)) {
    const [head = '', ...lines] = block.split('\n')
    const file = files.find((candidate) => head.startsWith(`${candidate}: `))
    if (file === undefined) continue
    const rows = lines.map((line) => line.split('\t').slice(1))
    const of = (kind: string) => rows.filter((row) => row[0] === kind)
    found.set(file, {
      goVersion: head.slice(file.length + 2).trim(),
      package: of('path')[0]?.[1] ?? '',
      module: of('mod')[0]?.[1] ?? '',
      modules: linkedModules(rows),
      settings: new Map(of('build').map((row) => splitAt(row[1] ?? '', '='))),
    })
  }
  return found
}

/**
 * A replaced module is followed by a line `=>` with the one that was linked in its place. Where that is a folder its
 * path means something on one machine only, so the module keeps its name.
 */
function linkedModules(rows: readonly (readonly string[])[]): readonly Module[] {
  return rows.flatMap((row, index) => {
    const next = rows[index + 1]
    if (row[0] !== 'dep') return []
    const [, path = '', version = '', sum] = next?.[0] === '=>' ? next : row
    const isFolder = /^(\.{0,2}[/\\]|\.{1,2}$|[A-Za-z]:)/.test(path)
    return [{ path: isFolder ? (row[1] ?? '') : path, version, ...(sum ? { sum } : {}) }]
  })
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
