import type { MeshConfig } from '../../../project/load.ts'
import { isWithin } from './compare.ts'

/** What is preserved, and what is frozen beside it. */
export function guardedPaths({ paths, frozen }: MeshConfig['preserve']): readonly string[] {
  return [...paths, ...frozen.filter((path) => !paths.some((one) => isWithin(path, one)))]
}
