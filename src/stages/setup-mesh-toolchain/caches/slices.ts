import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../process/environment.ts'

/** One folder that is cached by itself, so that each job brings and takes only what it works on. */
export interface Slice {
  /** go-modules, go-build/linux-amd64, uv. */
  readonly name: string
  readonly folder: string
  readonly key: string
  /** Beginnings of keys that serve when there is none of exactly this key; the best first. */
  readonly restoreKeys: readonly string[]
  /**
   * How it is kept from growing: `entries` of a Go build cache that no build used are dropped before it is saved;
   * `exact` is restored by its own key alone, so it holds no more than one run needed.
   */
  readonly trim: 'entries' | 'exact'
}

/** The runner's own kind: a key is saved but once, and another kind may have no use for it, or another path. */
const RUNNER = `${process.platform}-${process.arch}`

/** What the keys of the Go slices are made of. */
export interface GoState {
  /** 1.25.3 */
  readonly version: string
  /** Content of go.sum, or of go.mod where a module needs nothing. */
  readonly sums: string
  readonly moduleCache: string
  /** GOOS/GOARCH that this job may build. */
  readonly platforms: readonly string[]
}

/** The slices for Go: the modules, and a build cache for each platform in a folder of its own. */
export function goSlices(prefix: string, go: GoState, buildCaches: string): readonly Slice[] {
  const sums = digest(go.sums)
  return [
    {
      name: 'go-modules',
      folder: go.moduleCache,
      key: `${prefix}mesh-go-modules-${RUNNER}-${sums}`,
      restoreKeys: [],
      trim: 'exact',
    },
    ...go.platforms.map((platform): Slice => {
      const dashed = platform.replace('/', '-')
      const family = `${prefix}mesh-go-build-${RUNNER}-${dashed}-${go.version}-`
      return {
        name: `go-build/${dashed}`,
        folder: join(buildCaches, dashed),
        key: `${family}${sums}`,
        restoreKeys: [family],
        trim: 'entries',
      }
    }),
  ]
}

/** The slice with what uv has downloaded and built for these requirements. */
export function uvSlice(prefix: string, folder: string, python: string, requirements: string): Slice {
  const key = `${prefix}mesh-uv-${RUNNER}-${python}-${digest(requirements)}`
  return { name: 'uv', folder, key, restoreKeys: [], trim: 'exact' }
}

/** Where uv keeps its cache, as its documentation says. */
export function uvCacheFolder({ UV_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA }: Environment): string {
  if (UV_CACHE_DIR) return UV_CACHE_DIR
  if (process.platform === 'win32')
    return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'uv', 'cache')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'uv')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20)
}
