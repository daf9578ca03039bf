import { posix } from 'node:path'
import { SUBMODULE, SYMLINK, type TrackedFile } from './tree.ts'

/** What became of a file of the baseline, or a file that it does not have. */
export type Change =
  | { readonly kind: 'added'; readonly path: string }
  | { readonly kind: 'deleted' | 'modified' | 'emptied'; readonly path: string }
  | { readonly kind: 'moved'; readonly path: string; readonly to: string }
  /** A package or a compiled module beside it is imported in its stead. */
  | { readonly kind: 'shadowed'; readonly path: string; readonly by: string }
  | { readonly kind: 'mode'; readonly path: string; readonly from: string; readonly now: string }

export interface Comparison {
  readonly baseline: readonly TrackedFile[]
  /** Everything that git tracks in the project, by path. */
  readonly files: ReadonlyMap<string, TrackedFile>
  /** What is preserved. */
  readonly paths: readonly string[]
  /** Where else each content lies that git does not track yet. */
  readonly untracked: ReadonlyMap<string, string>
  /** The changed files whose code is gone. */
  readonly emptied: ReadonlySet<string>
}

/** What has changed since the baseline was written, by path. A file with another mode and content is both. */
export function compare({ baseline, files, paths, untracked, emptied }: Comparison): readonly Change[] {
  const known = new Set(baseline.map(({ path }) => path))
  const places = newPlaces(files, known, untracked)
  const changes: Change[] = []
  for (const before of baseline) {
    const { path } = before
    const now = files.get(path)
    if (!now) {
      const to = takePlace(places, before)
      changes.push(to === undefined ? { kind: 'deleted', path } : { kind: 'moved', path, to })
      continue
    }
    if (now.mode !== before.mode) {
      changes.push({ kind: 'mode', path, from: modeName(before.mode), now: modeName(now.mode) })
    }
    if (now.blob !== before.blob) {
      changes.push({ kind: emptied.has(path) ? 'emptied' : 'modified', path })
    }
  }
  for (const path of files.keys()) {
    if (known.has(path)) continue
    const module = takesPlaceOf(path)
    if (module !== undefined && known.has(module)) changes.push({ kind: 'shadowed', path: module, by: path })
    else if (paths.some((one) => isWithin(path, one))) changes.push({ kind: 'added', path })
  }
  return changes
}

/** The module that Python does not read any more where this file is: of x/__init__.py and of x.so that is x.py. */
function takesPlaceOf(path: string): string | undefined {
  const [, stem] = /^(.+)(?:\/__init__\.py|(?:\.[\w-]+)?\.(?:so|pyd))$/.exec(path) ?? []
  return stem === undefined ? undefined : `${stem}.py`
}

/** Whether a path is another one or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  const normal = posix.normalize(folder).replace(/\/$/, '')
  return normal === '.' || path === normal || path.startsWith(`${normal}/`)
}

/** By content: the paths that have it and that the baseline does not know. */
function newPlaces(
  files: ReadonlyMap<string, TrackedFile>,
  known: ReadonlySet<string>,
  untracked: ReadonlyMap<string, string>,
): Map<string, string[]> {
  const places = new Map<string, string[]>()
  const add = (blob: string, path: string) => places.set(blob, [...(places.get(blob) ?? []), path])
  for (const { path, blob } of files.values()) if (!known.has(path)) add(blob, path)
  for (const [path, blob] of untracked) add(blob, path)
  return places
}

/** Where a file went that is gone. Many files are alike (every empty one is): the one of the same name first. */
function takePlace(places: Map<string, string[]>, { path, blob }: TrackedFile): string | undefined {
  const there = places.get(blob) ?? []
  const same = there.findIndex((one) => posix.basename(one) === posix.basename(path))
  if (same < 0 && isEmptyBlob(blob)) return undefined
  return there.splice(Math.max(0, same), 1)[0]
}

/** The name of no bytes, in git's two ways of naming content. */
function isEmptyBlob(blob: string): boolean {
  return (
    blob === 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391' ||
    blob === '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813'
  )
}

function modeName(mode: string): string {
  switch (mode) {
    case '100644':
      return 'a file'
    case '100755':
      return 'an executable file'
    case SYMLINK:
      return 'a symbolic link'
    case SUBMODULE:
      return 'a submodule'
    default:
      return `of mode ${mode}`
  }
}
