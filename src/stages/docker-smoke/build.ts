import { readFile } from 'node:fs/promises'
import { ending, type Outcome, run, succeeded } from '../../process/run.ts'
import type { Project } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { dockerfileOf, type ImageSpec } from './chosen.ts'
import { failureIn, type Instruction, instructionsOf } from './dockerfile.ts'
import { type Engine, imageName } from './engine.ts'
import { isTar, takenByName, takenFromTar } from './taken.ts'

/** An image to be looked at. */
export interface MadeImage {
  /** How docker knows it. */
  readonly reference: string
  /** Of the Dockerfile that it was built from; empty for one that was there. */
  readonly instructions: readonly Instruction[]
}

const BUILD_TIMEOUT_MS = 30 * 60_000

/** How often a build is begun whose context changes while it is read. */
const MOST_BUILDS = 3

/** What docker says of files that go, or shrink, while it reads the context: the classic builder's words and BuildKit's. */
const CHANGED_CONTEXT =
  /^error checking context: .* not found|Error processing tar file.*: unexpected EOF|error from sender: .*no such file/

/** Whether a build failed for its context alone: tests that run beside it may make files there and remove them. */
function hasChangedContext(outcome: Outcome): boolean {
  return !succeeded(outcome) && outcome.tail.some((line) => CHANGED_CONTEXT.test(line))
}

/** Builds an image from its Dockerfile, or takes the one that mesh.yml names; the check, and the image if there is one. */
export async function makeImage(
  name: string,
  spec: ImageSpec,
  project: Project,
  place: BuildPlace,
  context: StageContext,
): Promise<{ readonly check: Check; readonly image?: MadeImage }> {
  if (spec.image !== undefined) {
    if (!isTar(spec.image)) return takenByName(name, spec.image, context.signal)
    const tar = { shown: spec.image, file: project.resolve(spec.image) }
    return takenFromTar(name, tar, place.owner, context)
  }
  return buildImage(name, spec, project, place, context)
}

/** Where an image is built, and whose it is. */
interface BuildPlace {
  readonly engine: Engine
  readonly owner: string
}

async function buildImage(
  name: string,
  spec: ImageSpec,
  project: Project,
  { engine, owner }: BuildPlace,
  context: StageContext,
): Promise<{ readonly check: Check; readonly image?: MadeImage }> {
  const file = dockerfileOf(spec)
  const check = { id: `built/${name}`, title: `the image ${name} is built` }
  const text = await readFile(project.resolve(file), 'utf8').catch(() => undefined)
  if (text === undefined) {
    return { check: { ...check, verdict: 'fail', detail: `there is no ${file}`, location: { file } } }
  }
  const instructions = instructionsOf(text)
  const reference = imageName(name, owner)
  const time = await commitTime(project, context)
  const build = (title: string) =>
    context.log.task(title, async (output) =>
      run(
        [
          ...['docker', 'build', '--file', project.resolve(file), '--tag', reference],
          ...labels(time, context.commit),
          ...choicesOf(spec, engine, time),
          project.resolve(spec.context),
        ],
        {
          cwd: project.directory,
          timeoutMs: BUILD_TIMEOUT_MS,
          signal: context.signal,
          // Attestations hold the time of the build. Without buildx docker would warn at every build that it is missing.
          env: engine.hasBuildKit ? { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' } : { DOCKER_BUILDKIT: '0' },
          output,
        },
      ),
    )
  let outcome = await build(`docker build ${file}`)
  for (let builds = 1; builds < MOST_BUILDS && hasChangedContext(outcome); builds++) {
    outcome = await build(`docker build ${file}, again: files of its context came and went`)
  }
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

/** The arguments by which an image is built as mesh.yml and the engine want it. */
function choicesOf(
  spec: ImageSpec,
  { hasBuildKit }: Engine,
  time: CommitTime | undefined,
): readonly string[] {
  return [
    // By which BuildKit dates the image itself; the classic builder has the same one again from its cache.
    ...(time && hasBuildKit ? ['--build-arg', `SOURCE_DATE_EPOCH=${time[1]}`] : []),
    ...Object.entries(spec['build-args']).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...(spec.target === undefined ? [] : ['--target', spec.target]),
    ...(spec.platform === undefined ? [] : ['--platform', spec.platform]),
    // Of an instruction that fails the classic builder would leave its container.
    ...(hasBuildKit ? ['--progress', 'plain'] : ['--force-rm']),
  ]
}

/** When the commit was made: in ISO 8601, and in seconds since 1970. */
type CommitTime = readonly [iso: string, seconds: string]

async function commitTime({ directory }: Project, { signal }: StageContext): Promise<CommitTime | undefined> {
  // A user's log.showSignature would put what gpg says before it.
  const told = await run(['git', 'show', '--no-patch', '--no-show-signature', '--format=%cI %ct', 'HEAD'], {
    cwd: directory,
    timeoutMs: 10_000,
    signal,
    stdout: 'capture',
  })
  const [iso = '', seconds = ''] = told.stdout.trim().split(' ')
  return succeeded(told) ? [iso, seconds] : undefined
}

/** What an image says it was made from: of one commit always the same, so that a rebuild is identical. */
function labels(time: CommitTime | undefined, commit: string): readonly string[] {
  const label = (key: string, value: string) => ['--label', `org.opencontainers.image.${key}=${value}`]
  return [
    ...(commit === 'unknown' ? [] : label('revision', commit)),
    ...(time === undefined ? [] : label('created', time[0])),
  ]
}
