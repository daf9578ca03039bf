import { posix } from 'node:path'
import type { Layer, LayerFile } from './archive.ts'

/** A file with the layer that it lies in, counted from 0. */
export interface PlacedFile extends LayerFile {
  readonly layer: number
}

/** What hides a file of the layers below. */
const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'

/** What a container of the image sees: of each path the highest layer's file, without what was deleted on the way. */
export function visibleFiles(layers: readonly Layer[]): readonly PlacedFile[] {
  const files = new Map<string, PlacedFile>()
  for (const [layer, { files: some }] of layers.entries()) {
    for (const { path } of some) {
      const name = posix.basename(path)
      const folder = posix.dirname(path)
      if (name === OPAQUE) remove(files, folder, layer, false)
      else if (name.startsWith(WHITEOUT))
        remove(files, posix.join(folder, name.slice(WHITEOUT.length)), layer, true)
    }
    for (const file of some) {
      if (posix.basename(file.path).startsWith(WHITEOUT)) continue
      files.set(file.path, { ...file, layer })
    }
  }
  return [...files.values()]
}

/** Every file of every layer, those that a later one hides included: who has the image has them all. */
export function allFiles(layers: readonly Layer[]): readonly PlacedFile[] {
  return layers.flatMap(({ files }, layer) =>
    files
      .filter(({ path }) => !posix.basename(path).startsWith(WHITEOUT))
      .map((file) => ({ ...file, layer })),
  )
}

function remove(files: Map<string, PlacedFile>, path: string, layer: number, itself: boolean): void {
  for (const [key, file] of files) {
    if (file.layer < layer && ((itself && key === path) || key.startsWith(path === '/' ? '/' : `${path}/`)))
      files.delete(key)
  }
}

/** Links that lead further than this lead round in a circle. */
const MOST_LINKS = 40

/** The file at a path, through symbolic links in any part of it; undefined where there is none. */
export function resolved(files: ReadonlyMap<string, PlacedFile>, path: string): PlacedFile | undefined {
  let here = path
  for (let links = 0; links < MOST_LINKS; links++) {
    const parts = here.split('/').filter((part) => part !== '')
    let target: string | undefined
    for (let length = 1; length <= parts.length; length++) {
      const prefix = `/${parts.slice(0, length).join('/')}`
      const file = files.get(prefix)
      if (file?.type !== 'symlink' || file.link === undefined) continue
      target = posix.join(posix.resolve(posix.dirname(prefix), file.link), ...parts.slice(length))
      break
    }
    if (target === undefined) return files.get(here)
    here = target
  }
  return undefined
}
