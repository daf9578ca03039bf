import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentSpec } from '../../mesh/agent.ts'
import { type Mesh, readinessOf } from '../../mesh/deployment.ts'
import { allEnded } from '../../process/all-ended.ts'
import { childEnvironment } from '../../process/environment.ts'
import { MARK } from '../../process/mark.ts'
import { surroundings } from '../../process/services/surroundings.ts'
import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { judge } from '../../result/judge.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { type ImageArchive, readArchive } from './archive.ts'
import { commandChecks, serverChecks } from './behaviour.ts'
import { type ImageSpec, makeImage } from './build.ts'
import { contentChecks, exposedCheck, type VerifiedBinaries } from './contents.ts'
import { ask, type Engine, EngineError, findEngine, ownerOf } from './engine.ts'
import { type ImageSize, sizeCheck, sizeOf } from './size.ts'
import { removeAll, sweep } from './sweep.ts'

export interface DockerOptions {
  /** Names in docker.images; default all. */
  readonly images?: readonly string[] | undefined
  readonly verified: VerifiedBinaries
  /** Sizes of an earlier build, in bytes by the name of the image. */
  readonly previous: ReadonlyMap<string, number>
  /** Whether a machine without an engine is red: in CI it is, on a laptop nothing was proved. */
  readonly engineRequired: boolean
  /** Folder that each image is saved to as a tar; undefined where none is asked for. */
  readonly saveTo?: string | undefined
  /** Folder for the logs of agents. */
  readonly logs: string
}

interface CheckedImage extends ImageSize {
  readonly name: string
  readonly id: string
  readonly digest: string | undefined
  readonly readyMs: number | undefined
  readonly idleMemoryBytes: number | undefined
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
  const specs = chosen(project, options.images)
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

function chosen(project: Project, names: readonly string[] | undefined): readonly [string, ImageSpec][] {
  const all = Object.entries(project.config.docker.images)
  const unknown = names?.find((name) => !all.some(([known]) => known === name))
  if (unknown !== undefined) {
    throw new ConfigurationError(`${project.label(['docker', 'images'])} has no image "${unknown}"`, {
      fix: `there are ${all.map(([name]) => name).join(', ')}`,
    })
  }
  return all.filter(([name]) => names === undefined || names.includes(name))
}

function noEngine(why: string, required: boolean): Check {
  return {
    id: 'engine',
    title: 'there is a Docker engine',
    verdict: required ? 'fail' : 'inconclusive',
    detail: why,
    fix: 'install and start one: docker.io of Debian, Docker Desktop, or Colima',
  }
}

/** Of images that were built all of this must have been asked; of one with a port also whether it gets ready. */
function requiredOf(checks: readonly Check[], specs: readonly [string, ImageSpec][]): readonly string[] {
  const built = specs.filter(([name]) =>
    checks.some(({ id, verdict }) => id === `built/${name}` && verdict === 'pass'),
  )
  return [
    'built',
    ...(built.length > 0 ? ['size', 'secrets', 'user', 'program'] : []),
    ...(built.some(([, { port }]) => port !== undefined) ? ['ready'] : []),
  ]
}

type Found = DockerData & { readonly checks: readonly Check[] }

async function withEngine(
  project: Project,
  specs: readonly [string, ImageSpec][],
  engine: Engine,
  options: DockerOptions,
  context: StageContext,
): Promise<Found> {
  const gone = await sweep(context.signal)
  if (gone.length > 0) context.log.warn(`removed what ${gone.length} killed runs had left in the engine`)
  const temporary = await mkdtemp(join(context.temporary, 'docker-'))
  const owner = ownerOf(temporary.slice(-6))
  await using shared = surroundings({ logs: options.logs, signal: context.signal })
  const mesh: Mesh = { project, programs: {}, surroundings: shared, temporary, leftovers: [] }
  try {
    const found = await allEnded(
      specs.map(([name, spec]) => checkImage(name, spec, { engine, owner, mesh, options, context })),
    )
    return {
      checks: found.flatMap((one) => one.checks),
      images: found.flatMap((one) => one.images),
      saved: found.flatMap((one) => one.saved),
    }
  } finally {
    await removeAll(owner, AbortSignal.timeout(REMOVE_MS))
    await rm(temporary, { recursive: true, force: true })
  }
}

interface Place {
  readonly engine: Engine
  readonly owner: string
  readonly mesh: Mesh
  readonly options: DockerOptions
  readonly context: StageContext
}

async function checkImage(name: string, spec: ImageSpec, place: Place): Promise<Found> {
  const { mesh, options, context, owner } = place
  const { check, image } = await makeImage(name, spec, mesh.project, place, context)
  if (!image) return { checks: [check], images: [], saved: [] }
  try {
    const saved = options.saveTo === undefined ? undefined : join(options.saveTo, `${name}.tar`)
    if (saved)
      await ask(['save', '--output', saved, image.reference], { signal: context.signal, timeoutMs: SAVE_MS })
    const subject = {
      ...{ name, spec, reference: image.reference, owner, mesh, signal: context.signal, port: spec.port },
      readiness: httpReadiness(name, spec, mesh.project),
      agents: spec.integration ? agentsOf(mesh.project) : [],
      config: await configOf(image.reference, context.signal),
    }
    const [archive, commands, behaviour] = await context.log.task(`look at ${name} and run it`, () =>
      allEnded([
        savedArchive(image.reference, context.signal),
        commandChecks(subject),
        spec.port === undefined ? undefined : serverChecks(subject, spec.port),
      ]),
    )
    const size = sizeOf(archive)
    const { id, digest } = await identityOf(image.reference, context.signal)
    return {
      checks: [
        check,
        sizeCheck(name, size, spec['size-limit'], options.previous.get(name)),
        ...(spec.port === undefined ? [] : [exposedCheck(name, spec.port, archive)]),
        ...contentChecks(name, archive, image, spec.file, options.verified),
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

const SAVE_MS = 10 * 60_000

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

function agentsOf(project: Project): readonly AgentSpec[] {
  return project.config.integration.agents
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

/** Reads the image from the engine as it would be saved, without a file between. */
async function savedArchive(reference: string, signal: AbortSignal): Promise<ImageArchive> {
  const child = spawn('docker', ['save', reference], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(process.env, MARK),
    signal,
  })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', (code) => resolve(code)),
  )
  ended.catch(() => undefined)
  try {
    const archive = await readArchive(child.stdout)
    await ended
    return archive
  } catch (error) {
    signal.throwIfAborted()
    child.kill('SIGKILL')
    await ended
    const words = Buffer.concat(said).toString('utf8').trim().split('\n').at(-1)
    throw new EngineError(`docker save: ${words || (error as Error).message}`)
  }
}
