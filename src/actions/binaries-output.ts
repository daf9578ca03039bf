import { posix } from 'node:path'
import type { Binary } from '../stages/cross-compile-go/manifest.ts'

/** The output `binaries`: what a workflow needs of each, with paths relative to the project. */
export function binariesOutput(folder: string, binaries: readonly Binary[]): readonly object[] {
  return binaries.map(({ path, platform, sizeBytes, sha256 }) => ({
    path: posix.join(folder, path),
    platform,
    'size-bytes': sizeBytes,
    sha256,
  }))
}
