import type { Check } from '../../result/stage-result.ts'
import { dashed } from './build-run.ts'
import type { Binary } from './manifest.ts'

/** Two binaries with one hash cannot both be right: a build wrote one over the other. */
export function sameFileTwice(binaries: readonly Binary[]): readonly Check[] {
  return binaries.flatMap((binary, index) => {
    const twin = binaries.slice(0, index).find((other) => other.sha256 === binary.sha256)
    return twin
      ? [
          {
            id: `distinct/${binary.command}/${dashed(binary.platform)}`,
            title: `${binary.path} is a file of its own`,
            verdict: 'fail' as const,
            detail: `it is the same file as ${twin.path}`,
          },
        ]
      : []
  })
}
