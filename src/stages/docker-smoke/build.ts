import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ending, run, succeeded } from '../../process/run.ts'
import type { MeshConfig, Project } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { failureIn, type Instruction, instructionsOf } from './dockerfile.ts'
import { docker, type Engine, imageName, saidBy } from './engine.ts'

export type ImageSpec = MeshConfig['docker']['images'][string]

/** An image to be looked at. */
export interface MadeImage {
  /** How docker knows it. */
  readonly reference: string
  /** Of the Dockerfile that it was built from; empty for one that was there. */
  readonly instructions: readonly Instruction[]
}

const BUILD_TIMEOUT_MS = 30 * 60_000

/** Builds an image from its Dockerfile, or takes the one that mesh.yml names; the check, and the image if there is one. */
export async function makeImage(
  name: string,
  spec: ImageSpec,
  project: Project,
  place: { readonly engine: Engine; readonly owner: string },
  context: StageContext,
): Promise<{ readonly check: Check; readonly image?: MadeImage }> {
  if (spec.image !== undefined) return taken(name, spec.image, project, context)
  const file = spec.file ?? 'Dockerfile'
  const check = { id: `built/${name}`, title: `the image ${name} is built` }
  const text = await readFile(project.resolve(file), 'utf8').catch(() => undefined)
  if (text === undefined) {
    return { check: { ...check, verdict: 'fail', detail: `there is no ${file}`, location: { file } } }
  }
  const instructions = instructionsOf(text)
  const reference = imageName(name, place.owner)
  const outcome = await context.log.task(`docker build ${file}`, async (output) =>
    run(
      [
        ...['docker', 'build', '--force-rm', '--file', project.resolve(file), '--tag', reference],
        ...(await labels(project, context)).flatMap((label) => ['--label', label]),
        ...Object.entries(spec['build-args']).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
        ...(spec.target === undefined ? [] : ['--target', spec.target]),
        ...(spec.platform === undefined ? [] : ['--platform', spec.platform]),
        // Of an instruction that fails the classic builder would leave its container.
        ...(place.engine.hasBuildKit ? ['--progress', 'plain'] : ['--force-rm']),
        project.resolve(spec.context),
      ],
      {
        cwd: project.directory,
        timeoutMs: BUILD_TIMEOUT_MS,
        signal: context.signal,
        // Without buildx docker would warn at every build that it is missing.
        env: place.engine.hasBuildKit ? {} : { DOCKER_BUILDKIT: '0' },
        output,
      },
    ),
  )
  if (succeeded(outcome)) {
    const measured = { value: outcome.durationMs, unit: 'ms' } as const
    return {
      check: { ...check, verdict: 'pass', detail: file, measured },
      image: { reference, instructions },
    }
  }
  if (outcome.ended === 'timed-out') return { check: { ...check, verdict: 'fail', detail: ending(outcome) } }
  const { detail, line } = failureIn(outcome.tail, instructions)
  const location = { file, ...(line === undefined ? {} : { line }) }
  return { check: { ...check, verdict: 'fail', detail, location } }
}

/** What is said of an image by its labels: of one commit always the same, so that a rebuild is identical. */
async function labels({ directory }: Project, { commit, signal }: StageContext): Promise<readonly string[]> {
  const date = await run(['git', 'show', '--no-patch', '--format=%cI', 'HEAD'], {
    cwd: directory,
    timeoutMs: 10_000,
    signal,
    stdout: 'capture',
  })
  return [
    ...(commit === 'unknown' ? [] : [`org.opencontainers.image.revision=${commit}`]),
    ...(succeeded(date) ? [`org.opencontainers.image.created=${date.stdout.trim()}`] : []),
  ]
}

/** An image that is there: by its tag, or in a tar of the project. */
async function taken(
  name: string,
  image: string,
  project: Project,
  { signal, log }: StageContext,
): Promise<{ readonly check: Check; readonly image?: MadeImage }> {
  const check = { id: `built/${name}`, title: `the image ${name} is there` }
  if (/\.tar(\.gz)?$/.test(image)) {
    const outcome = await log.task(`docker load ${image}`, () =>
      docker(['load', '--input', join(project.directory, image)], { signal, timeoutMs: BUILD_TIMEOUT_MS }),
    )
    const reference = /Loaded image(?: ID)?: (\S+)/.exec(outcome.stdout)?.[1]
    if (!succeeded(outcome) || reference === undefined) {
      return { check: { ...check, verdict: 'fail', detail: saidBy(outcome) } }
    }
    return { check: { ...check, verdict: 'pass', detail: reference }, image: { reference, instructions: [] } }
  }
  const found = await docker(['image', 'inspect', '--format', '{{.Id}}', image], { signal })
  if (!succeeded(found)) return { check: { ...check, verdict: 'fail', detail: saidBy(found) } }
  return {
    check: { ...check, verdict: 'pass', detail: found.stdout.trim() },
    image: { reference: image, instructions: [] },
  }
}
