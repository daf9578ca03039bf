import { readinessOf } from '../../mesh/deployment.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { allEnded } from '../../process/all-ended.ts'
import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import type { ImageArchive } from './archive.ts'
import { serverChecks } from './behaviour.ts'
import { type MadeImage, makeImage } from './build.ts'
import type { ImageSpec } from './chosen.ts'
import { commandChecks } from './commands.ts'
import { contentChecks, exposedCheck, type VerifiedBinaries, warningOf } from './contents.ts'
import { ask, type Engine, EngineError } from './engine.ts'
import type { DockerOptions } from './index.ts'
import { savedArchive, saveTar } from './saved.ts'
import { type ImageSize, sizeCheck, sizeOf } from './size.ts'

export interface CheckedImage extends ImageSize {
  readonly name: string
  readonly id: string
  readonly digest: string | undefined
  readonly readyMs: number | undefined
  readonly idleMemoryBytes: number | undefined
}

/** What is known of images: their checks, and of those that are there also their figures. */
export interface Found {
  readonly checks: readonly Check[]
  readonly images: readonly CheckedImage[]
  /** Files of the images that were saved, absolute. */
  readonly saved: readonly string[]
}

interface Place {
  readonly engine: Engine
  readonly owner: string
  readonly mesh: Mesh
  readonly verified: VerifiedBinaries
  readonly options: DockerOptions
  readonly context: StageContext
}

const IDLE_MS = 10_000

/** Makes an image, looks into it, and runs it beside that. */
export async function checkImage(name: string, spec: ImageSpec, place: Place): Promise<Found> {
  const { mesh, context } = place
  context.signal.throwIfAborted()
  const { check, image } = await makeImage(name, spec, mesh.project, place, context)
  if (!image) return { checks: [check], images: [], saved: [] }
  try {
    const found = await examine(name, spec, image, place)
    return { ...found, checks: [check, ...found.checks] }
  } catch (error) {
    // The engine stopped in the middle, or has no space left.
    if (!(error instanceof EngineError)) throw error
    const broken: Check = {
      id: `engine/${name}`,
      title: `the engine carries out what ${name} is asked`,
      verdict: 'fail',
      detail: error.message,
    }
    return { checks: [check, broken], images: [], saved: [] }
  }
}

/** Looks into an image that is there, and runs it beside that. Throws an EngineError. */
async function examine(name: string, spec: ImageSpec, image: MadeImage, place: Place): Promise<Found> {
  const { mesh, options, context, owner } = place
  const subject = {
    ...{ name, spec, reference: image.reference, owner, mesh, signal: context.signal, port: spec.port },
    idleMs: options.idleMs ?? IDLE_MS,
    readiness: httpReadiness(name, spec, mesh.project),
    agents: spec.integration ? mesh.project.config.integration.agents : [],
    config: await configOf(image.reference, context.signal),
  }
  const [archive, saved, commands, behaviour] = await context.log.task(`look at ${name} and run it`, () =>
    allEnded([
      savedArchive(image.reference, context.signal),
      options.saveTo === undefined
        ? undefined
        : saveTar(
            { name, reference: image.reference, commit: context.commit },
            options.saveTo,
            context.signal,
          ),
      commandChecks(subject),
      spec.port === undefined ? undefined : serverChecks(subject, spec.port),
    ]),
  )
  const size = sizeOf(archive)
  const contents = contentChecks({ name, archive, image, spec, verified: place.verified })
  for (const check of contents) {
    const warning = warningOf(check)
    if (warning !== undefined) context.log.warn(warning)
  }
  const { id, digest } = await identityOf(image.reference, context.signal)
  return {
    checks: [
      sizeCheck(name, size, spec['size-limit'], options.previous.get(name)),
      ...(spec.port === undefined ? [] : [exposedCheck(name, spec.port, archive)]),
      ...contents,
      ...(behaviour?.checks ?? []),
      ...commands,
    ],
    images: [
      {
        name,
        id,
        digest,
        ...size,
        readyMs: behaviour?.readyMs,
        idleMemoryBytes: behaviour?.idleMemoryBytes,
      },
    ],
    saved: saved ? [saved] : [],
  }
}

/**
 * An image whose mesh.yml does not say what ready is answers GET /health with 200. Throws a ConfigurationError for a
 * line of the log: a container is ready when it can be reached.
 */
function httpReadiness(name: string, spec: ImageSpec, project: Project) {
  const readiness = readinessOf(spec.ready ?? { path: '/health', status: 200 })
  if (readiness.kind === 'http') return readiness
  throw new ConfigurationError(`docker.images.${name}.ready: a log line is not enough for an image`, {
    place: project.place(['docker', 'images', name, 'ready']),
    fix: 'give a path that answers, as in /health',
  })
}

async function configOf(reference: string, signal: AbortSignal): Promise<ImageArchive['config']> {
  return {
    config: JSON.parse(
      await ask(['image', 'inspect', '--format', '{{json .Config}}', reference], { signal }),
    ),
  }
}

async function identityOf(reference: string, signal: AbortSignal) {
  const format = '{{.Id}} {{range .RepoDigests}}{{.}} {{end}}'
  const [id = '', digest] = (
    await ask(['image', 'inspect', '--format', format, reference], { signal })
  ).split(' ')
  return { id, digest: digest?.split('@')[1] }
}
