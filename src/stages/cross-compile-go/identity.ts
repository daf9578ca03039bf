import type { MeshConfig } from '../../project/load.ts'
import type { BuildInfo } from './build-info.ts'
import { formatOf, isNamedInHeaders, readExecutable } from './executable.ts'

/** What a binary must be. */
export interface Expected {
  readonly platform: string
  readonly package: string
  readonly module: string
  readonly cgo: MeshConfig['go']['cgo']
}

/**
 * What is wrong with a binary, held against what it was asked to be, in words; undefined when nothing is.
 * Two witnesses: the file's header, which the operating system goes by, and the build information in it.
 */
export function mistakenIdentity(
  bytes: Buffer,
  info: BuildInfo | undefined,
  expected: Expected,
): string | undefined {
  const [goos = '', goarch = ''] = expected.platform.split('/')
  const header = readExecutable(bytes)
  const format = formatOf(goos)
  if (format !== undefined && header?.format !== format) {
    return `a ${header?.format ?? 'file of no known program format'}, not ${format}`
  }
  // A machine that is not known here proves nothing, unless the right one is known.
  const named = header && (header.architecture !== undefined || isNamedInHeaders(header.format, goarch))
  if (named && header.architecture !== goarch) {
    return `its header says ${header.architecture ?? 'another machine'}, not ${goarch}`
  }
  if (!info) return 'it has no build information of Go'
  const wanted: readonly (readonly [string, string | undefined, string])[] = [
    ['GOOS', info.settings.get('GOOS'), goos],
    ['GOARCH', info.settings.get('GOARCH'), goarch],
    ['main package', info.package, expected.package],
    ['module', info.module, expected.module],
    ['-trimpath', info.settings.get('-trimpath'), 'true'],
    ['CGO_ENABLED', info.settings.get('CGO_ENABLED'), expected.cgo ? '1' : '0'],
  ]
  const wrong = wanted.find(([, found, right]) => found !== right)
  return wrong && `its ${wrong[0]} is ${wrong[1] || 'not there'}, not ${wrong[2]}`
}
