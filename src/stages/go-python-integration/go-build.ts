import type { Environment } from '../../process/environment.ts'
import type { MeshConfig } from '../../project/load.ts'

/** The flags that show a `go` command the files which the build saw. */
export function tagFlags(tags: readonly string[]): readonly string[] {
  return tags.length > 0 ? ['-tags', tags.join(',')] : []
}

/** What the build said of cgo: it decides which files, and so which imports, there are. */
export function cgoEnvironment({ cgo }: MeshConfig['go']): Environment {
  return { CGO_ENABLED: cgo ? '1' : '0' }
}
