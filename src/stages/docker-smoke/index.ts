import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { Mesh } from '../../mesh/mesh.ts'
import { allEnded } from '../../process/all-ended.ts'
import { surroundings } from '../../process/services/surroundings.ts'
import type { Project } from '../../project/load.ts'
import { judge } from '../../result/judge.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { chosenImages } from './chosen.ts'
import type { VerifiedBinaries } from './contents.ts'
import { ENGINE_FIX, type Engine, findEngine, ownerOf } from './engine.ts'
import { type CheckedImage, checkImage, type Found } from './one-image.ts'
import type { PreviousSizes } from './previous.ts'
import { removeAll, sweep } from './sweep.ts'

type Chosen = ReturnType<typeof chosenImages>

export interface DockerOptions {
  /** Names in docker.images; default all. */
  readonly images?: readonly string[] | undefined
  /** Asked once there is an engine: without one nobody needs binaries. */
  readonly verified: () => Promise<VerifiedBinaries>
  /** Sizes of an earlier build. */
  readonly previous: PreviousSizes
  /** Whether a machine without an engine is red: in CI it is, on a laptop nothing was proved. */
  readonly engineRequired: boolean
  /** Folder that each image is saved to as a tar; undefined where none is asked for. */
  readonly saveTo?: string | undefined
  /** Folder for the logs of agents. */
  readonly logs: string
  /** How long a server is left alone before its memory is read; default ten seconds. */
  readonly idleMs?: number | undefined
}

export interface DockerData {
  readonly images: readonly CheckedImage[]
  /** Files of the images that were saved, absolute. */
  readonly saved: readonly string[]
}

/** How long may pass after an abort until everything that was made is removed. */
const REMOVE_MS = 60_000

/** Whether the images are small, hold what they should and nothing else, start, answer and stop as production asks. */
export async function smokeTest(
  project: Project,
  options: DockerOptions,
  context: StageContext,
): Promise<StageResult<DockerData>> {
  const startedAt = context.now()
  const specs = chosenImages(project, options.images)
  const engine = await findEngine(context.signal)
  const found =
    typeof engine === 'string'
      ? { checks: [noEngine(engine, options.engineRequired)], images: [], saved: [] }
      : await withEngine(project, specs, engine, options, context)
  return judge({
    stage: 'docker-smoke',
    attempt: context.attempt,
    commit: context.commit,
    startedAt,
    endedAt: context.now(),
    checks: found.checks,
    required: typeof engine === 'string' ? ['engine'] : requiredOf(found.checks, specs),
    tools: typeof engine === 'string' ? {} : { docker: engine.version },
    data: { images: found.images, saved: found.saved },
  })
}

function noEngine(why: string, required: boolean): Check {
  return {
    id: 'engine',
    title: 'there is a Docker engine',
    verdict: required ? 'fail' : 'inconclusive',
    detail: why,
    fix: ENGINE_FIX,
  }
}

/** Of images that were built all of this must have been asked; of one with a port also whether it gets ready. */
function requiredOf(checks: readonly Check[], specs: Chosen): readonly string[] {
  const built = specs.filter(([name]) =>
    checks.some(({ id, verdict }) => id === `built/${name}` && verdict === 'pass'),
  )
  return [
    'built',
    ...(built.length > 0 ? ['size', 'secrets', 'user', 'program'] : []),
    ...(built.some(([, { port }]) => port !== undefined) ? ['ready'] : []),
    ...(built.some(([, { integration }]) => integration) ? ['registers'] : []),
  ]
}

async function withEngine(
  project: Project,
  specs: Chosen,
  engine: Engine,
  options: DockerOptions,
  context: StageContext,
): Promise<Found> {
  const verified = await options.verified()
  const gone = await sweep(context.signal)
  if (gone.length > 0) context.log.warn(`removed what ${gone.length} killed runs had left in the engine`)
  const temporary = await mkdtemp(join(context.temporary, 'docker-'))
  const owner = ownerOf(temporary.slice(-6))
  // An image waits for its server half of the time; of more at once each would be slower.
  const limit = pLimit(2 * availableParallelism())
  await using shared = surroundings({ logs: options.logs, signal: context.signal })
  const mesh: Mesh = {
    project,
    programs: {},
    surroundings: shared,
    temporary,
    leftovers: [],
    faults: new Set(),
  }
  try {
    const found = await allEnded(
      specs.map(([name, spec]) =>
        limit(() => checkImage(name, spec, { engine, owner, mesh, verified, options, context })),
      ),
    )
    return {
      checks: found.flatMap((one) => one.checks),
      images: found.flatMap((one) => one.images),
      saved: found.flatMap((one) => one.saved),
    }
  } finally {
    if (!(await removeAll(owner, AbortSignal.timeout(REMOVE_MS)))) {
      context.log.warn('the engine did not remove all that was made in it; the next run does')
    }
    await rm(temporary, { recursive: true, force: true })
  }
}
