import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { faultyImages } from '../../../__tests__/support/faulty-image.ts'
import { sweep } from '../../../src/stages/docker-smoke/sweep.ts'
import type { Proven } from '../proven.ts'
import { FAULTS, type ImageFault } from './faults.ts'

const SWEEP_MS = 60_000

/** docker-smoke, on one project whose images have one fault each; each run looks at one of them. */
export async function dockerProof(): Promise<Proven<ImageFault>> {
  const images = await faultyImages(Object.fromEntries(FAULTS.map(({ name, image }) => [name, image])))
  return {
    stage: 'docker-smoke',
    faults: FAULTS,
    kinds: 'container, volume, network or image name',
    // An engine with much to do lets go of what it is making only when it is made.
    cleanMs: 20_000,
    project({ name }) {
      rmSync(join(images.directory, '.mesh'), { recursive: true, force: true })
      return { directory: images.directory, flags: ['--images', name] }
    },
    leftovers: ({ pid }) => images.leftovers(pid),
    nextRun: () => sweep(AbortSignal.timeout(SWEEP_MS)),
    [Symbol.asyncDispose]: () => images[Symbol.asyncDispose](),
  }
}
