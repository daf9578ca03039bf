import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadProject } from '../../src/project/load.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import { namedImages, OWNER_LABEL } from '../../src/stages/docker-smoke/engine.ts'
import { type DockerData, type DockerOptions, smokeTest } from '../../src/stages/docker-smoke/index.ts'
import { docker } from './docker.ts'
import { writeFiles } from './go-module.ts'
import { buildPrograms } from './programs.ts'
import { stageContext } from './stage-context.ts'
import { execute, ROOT } from './suite.ts'
import { temporaryFolder } from './temporary-folder.ts'

const SOURCE = join(ROOT, '__tests__', 'support', 'faulty-image', 'main.go')

/** What every image of a test file says of itself, and every container of its builds. */
const TEST_LABEL = 'mesh-actions-test'

/** What is long enough for an engine to notice that a container has ended. */
const IDLE_MS = 1_000

export interface FaultyImage {
  /** FAULT of the program. */
  readonly fault?: string
  /** `registry` (static), `dynamic` or `foreign` (of another architecture). */
  readonly program?: 'registry' | 'dynamic' | 'foreign'
  /** Lines of the Dockerfile before USER. */
  readonly lines?: readonly string[]
  /** The line that sets the user. */
  readonly user?: string
  readonly expose?: number
  /** Who the folder of its data belongs to. */
  readonly dataOwner?: string
  /** A whole Dockerfile in the stead of the usual one. */
  readonly dockerfile?: string
  /** Keys of docker.images beside the usual ones. */
  readonly spec?: Readonly<Record<string, unknown>>
}

export interface FaultyImages extends AsyncDisposable {
  readonly directory: string
  /** The stage's temporary folder. */
  readonly temporary: string
  readonly logs: string
  smokeTest(
    options?: Partial<DockerOptions>,
    context?: Parameters<typeof stageContext>[1],
  ): Promise<StageResult<DockerData>>
  /** What stages of a process (this one) left in the engine, and containers of their builds, each in words. */
  leftovers(pid?: number): Promise<readonly string[]>
}

/**
 * A project in a temporary folder whose images are FROM scratch around a small Go registry: a healthy one where nothing
 * else is said. What its builds leave in the engine's cache is removed with it.
 */
export async function faultyImages(
  images: Readonly<Record<string, FaultyImage>>,
  files: Readonly<Record<string, string>> = {},
): Promise<FaultyImages> {
  const folder = await temporaryFolder()
  const run = randomBytes(6).toString('hex')
  const [directory, temporary, logs] = ['project', 'temporary', 'logs'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string]
  await mkdir(temporary)
  const specs = Object.entries(images).map(([name, { spec }]) => [
    name,
    { file: `${name}.Dockerfile`, port: 8080, ready: '/health', timeout: '20s', ...spec },
  ])
  await writeFiles(directory, {
    // JSON is YAML.
    'mesh.yml': JSON.stringify({ docker: { images: Object.fromEntries(specs) } }),
    'data/.keep': '',
    ...Object.fromEntries(
      Object.entries(images).map(([name, image]) => [`${name}.Dockerfile`, dockerfileOf(image, run)]),
    ),
    ...files,
  })
  await buildInto(directory, new Set(Object.values(images).map(({ program = 'registry' }) => program)))
  return {
    directory,
    temporary,
    logs,
    smokeTest: (options = {}, context = {}) =>
      smokeTest(
        loadProject({ directory }),
        {
          ...{
            verified: async () => new Map<string, string>(),
            previous: new Map(),
            engineRequired: false,
            logs,
            idleMs: IDLE_MS,
          },
          ...options,
        },
        stageContext(temporary, context),
      ),
    leftovers: (pid = process.pid) => leftovers(run, pid),
    async [Symbol.asyncDispose]() {
      await removeBuilt(run)
      await folder[Symbol.asyncDispose]()
    },
  }
}

function dockerfileOf(image: FaultyImage, run: string): string {
  if (image.dockerfile !== undefined) return image.dockerfile
  const {
    fault = '',
    program = 'registry',
    user = 'USER 65532:65532',
    expose = 8080,
    dataOwner = '65532:65532',
  } = image
  return [
    'FROM scratch',
    `LABEL ${TEST_LABEL}=${run}`,
    `COPY ${program} /registry`,
    `COPY --chown=${dataOwner} data/ /data/`,
    `ENV FAULT=${fault}`,
    ...(image.lines ?? []),
    user,
    'VOLUME /data',
    `EXPOSE ${expose}`,
    'ENTRYPOINT ["/registry"]',
    '',
  ].join('\n')
}

async function buildInto(directory: string, programs: ReadonlySet<string>): Promise<void> {
  for (const program of programs) {
    if (program === 'foreign') {
      const foreign = `linux/${process.arch === 'arm64' ? 'amd64' : 'arm64'}`
      const built = await buildPrograms(join(directory, 'foreign-source'), [foreign])
      await copyFile(built.get(foreign)?.file ?? '', join(directory, 'foreign'))
      continue
    }
    // A position-independent program of Go needs the loader of the C library.
    const mode = program === 'dynamic' ? ['-buildmode=pie'] : []
    await promisify(execFile)(
      'go',
      ['build', '-trimpath', '-ldflags=-s -w', ...mode, '-o', join(directory, program), SOURCE],
      { env: { ...process.env, CGO_ENABLED: '0', GOOS: 'linux' } },
    )
  }
}

async function leftovers(run: string, pid: number): Promise<readonly string[]> {
  const mine = `${pid}.`
  const format = ['--format', `{{.Label "${OWNER_LABEL}"}}`]
  const owned = async (...list: readonly string[]) =>
    (await lines(...list, '--filter', `label=${OWNER_LABEL}`, ...format)).filter((owner) =>
      owner.startsWith(mine),
    )
  const ofBuilds = await lines(
    ...['ps', '--all', '--filter', `label=${TEST_LABEL}=${run}`],
    ...['--format', `{{.ID}}={{.Label "${OWNER_LABEL}"}}`],
  )
  const images = (await namedImages(AbortSignal.timeout(60_000))) ?? []
  return [
    ...(await owned('ps', '--all')).map((owner) => `a container of ${owner}`),
    ...ofBuilds.filter((line) => line.endsWith('=')).map((line) => `a container of a build: ${line}`),
    ...(await owned('volume', 'ls')).map((owner) => `a volume of ${owner}`),
    ...(await owned('network', 'ls')).map((owner) => `a network of ${owner}`),
    ...images.filter(({ owner }) => owner.startsWith(mine)).map(({ owner }) => `an image of ${owner}`),
  ]
}

/** Those that others are built on are refused while these are there, and go with them. */
async function removeBuilt(run: string): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const built = new Set(await lines('images', '--all', '--quiet', '--filter', `label=${TEST_LABEL}=${run}`))
    if (built.size === 0) return
    if (built.size >= before) throw new Error(`these images cannot be removed: ${[...built].join(', ')}`)
    before = built.size
    await execute('docker', ['rmi', '--force', ...built])
  }
}

async function lines(...args: readonly string[]): Promise<readonly string[]> {
  return (await docker(...args)).split('\n').filter((line) => line !== '')
}
