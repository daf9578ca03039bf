import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { allEnded } from '../../process/all-ended.ts'
import type { Environment } from '../../process/environment.ts'
import { run, succeeded } from '../../process/run.ts'
import type { Project } from '../../project/load.ts'
import { judge } from '../../result/judge.ts'
import { partOf, type Shard } from '../../result/shard.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import { noteMakingTime } from '../../toolchain/making-time.ts'
import { type PythonPackage, readPackages } from '../../toolchain/python-packages.ts'
import type { FoundTool, ToolPlaces } from '../../toolchain/tool.ts'
import type { CacheStore, StageContext } from '../context.ts'
import { cacheCheck } from './caches/check.ts'
import { type Restored, restoreSlices } from './caches/restore.ts'
import type { Saveable } from './caches/save.ts'
import { goSlices, type Slice, uvCacheFolder, uvSlice } from './caches/slices.ts'
import { findGo, readGoRequest } from './go/index.ts'
import { goVariables } from './go/later-steps.ts'
import { modulesCheck } from './go/modules.ts'
import { findPython } from './python/find.ts'
import { checkImports } from './python/imports.ts'
import { installPackages } from './python/install.ts'
import { pythonRequest } from './python/request.ts'

export interface SetupOptions {
  readonly go: boolean
  readonly python: boolean
  /** Installs the project's packages and imports them; needs `python`. */
  readonly install: boolean
  /** Wins over mesh.yml and .python-version. */
  readonly pythonVersion?: string | undefined
  readonly extraRequirements?: readonly string[] | undefined
  /** Fetches the modules that go.mod names; needs `go`. */
  readonly fetchesModules?: boolean
  /** The part of the platforms that this job builds, whose build caches alone are brought back; default all. */
  readonly shard?: Shard | undefined
  readonly places: Pick<ToolPlaces, 'toolCache' | 'userCache' | 'environment'>
  /** Undefined where nothing is cached. */
  readonly caches?:
    | { readonly store: CacheStore; readonly saves: boolean; readonly prefix: string }
    | undefined
}

interface SetupData {
  readonly go?: FoundTool
  readonly python?: FoundTool
  readonly venv?: string
  readonly caches: readonly Restored[]
}

export interface Setup {
  readonly result: StageResult<SetupData>
  /** Folders for the front of PATH. */
  readonly path: readonly string[]
  readonly variables: Readonly<Record<string, string>>
  /** Folder with a Go build cache for each platform, where caches are kept from run to run. */
  readonly buildCaches: string | undefined
  /** What the end of the job may save. */
  readonly saveable: readonly Saveable[]
}

/** A cache service that is down or slow costs at most this much. */
const CACHE_LIMIT_MS = 60_000
const GO_ENV_TIMEOUT_MS = 30_000

/**
 * Finds or fetches Go and Python, brings caches back, installs the project's Python packages into an environment of
 * their own and imports them there. Throws a ConfigurationError when a tool cannot be had on this machine.
 */
export async function setupToolchain(
  project: Project,
  options: SetupOptions,
  context: StageContext,
): Promise<Setup> {
  const startedAt = context.now()
  const places: ToolPlaces = {
    ...options.places,
    log: context.log,
    signal: context.signal,
    temporary: context.temporary,
  }
  const packages = options.python ? await readPackages(project) : []
  const [go, python] = await allEnded([
    options.go ? goOf(project, places) : undefined,
    options.python ? pythonOf(project, packages, options.pythonVersion, places) : undefined,
  ])
  const forGo = go ? await goVariables(go, project.config.go.version, places) : {}
  const buildCaches = options.caches && join(places.userCache, 'go-build')
  const slices = options.caches
    ? await slicesOf(project, options, { go, forGo, python, packages, buildCaches }, context)
    : []
  const caches = options.caches
    ? await restoreSlices(slices, options.caches.store, {
        log: context.log,
        limitMs: CACHE_LIMIT_MS,
        now: context.now,
        signal: context.signal,
      })
    : []
  const restoredAt = context.now()

  const installingAt = performance.now()
  const installed =
    python && options.install
      ? await installPackages(
          {
            project,
            packages,
            python,
            ...(options.extraRequirements ? { extraRequirements: options.extraRequirements } : {}),
          },
          places,
        )
      : undefined
  if (caches.some(isMissing('uv')) && installed?.reused === false) {
    await noteMakingTime(uvCacheFolder(places.environment), performance.now() - installingAt)
  }
  const imports = installed ? await checkImports(project, packages, installed, places) : []

  const fetchingAt = performance.now()
  const modules = go && options.fetchesModules ? await modulesCheck(project, go, forGo, context) : undefined
  const moduleSlice = slices.find(({ name }) => name === 'go-modules')
  if (modules?.verdict === 'pass' && moduleSlice && caches.some(isMissing('go-modules'))) {
    await noteMakingTime(moduleSlice.folder, performance.now() - fetchingAt)
  }
  const checks: Check[] = [
    ...(go ? [toolCheck('go', 'Go', go)] : []),
    ...(python ? [toolCheck('python', 'Python', python)] : []),
    ...(installed?.checks ?? []),
    ...imports,
    ...(modules ? [modules] : []),
    ...caches.map(cacheCheck),
  ]
  return {
    result: judge({
      stage: 'setup-mesh-toolchain',
      attempt: context.attempt,
      commit: context.commit,
      startedAt,
      endedAt: context.now(),
      checks,
      required: [
        ...(options.go ? ['go'] : []),
        ...(options.python ? ['python'] : []),
        ...(installed && packages.length > 0 ? ['installed', 'imports'] : []),
      ],
      tools: { ...(go ? { go: go.version } : {}), ...(python ? { python: python.version } : {}) },
      data: {
        ...(go ? { go } : {}),
        ...(python ? { python } : {}),
        ...(installed?.venv === undefined ? {} : { venv: installed.venv }),
        caches,
      },
    }),
    path: [installed?.python && dirname(installed.python), python?.addToPath, go?.addToPath].filter(
      (folder) => folder !== undefined,
    ),
    variables: {
      ...(installed?.venv === undefined ? {} : { VIRTUAL_ENV: installed.venv }),
      ...forGo,
    },
    buildCaches,
    saveable: options.caches?.saves
      ? slices
          .filter(({ name }) =>
            ['prefix', 'none'].includes(caches.find((one) => one.name === name)?.hit ?? ''),
          )
          .map((slice) => ({ slice, since: restoredAt.toISOString() }))
      : [],
  }
}

/** Whether a cache has nothing of this kind yet, so that what is in its folder at the end was all made here. */
function isMissing(slice: string): (restored: Restored) => boolean {
  return ({ name, hit }) => name === slice && hit === 'none'
}

async function goOf(project: Project, places: ToolPlaces): Promise<FoundTool> {
  return findGo(
    await readGoRequest(project.config.go.version, project.resolve(project.config.go.directory)),
    places,
  )
}

async function pythonOf(
  project: Project,
  packages: readonly PythonPackage[],
  explicit: string | undefined,
  places: ToolPlaces,
): Promise<FoundTool> {
  return findPython(await pythonRequest(project, packages, explicit), places)
}

interface Found {
  readonly go: FoundTool | undefined
  readonly forGo: Environment
  readonly python: FoundTool | undefined
  readonly packages: readonly PythonPackage[]
  readonly buildCaches: string | undefined
}

async function slicesOf(
  project: Project,
  { caches, places, install, shard }: SetupOptions,
  { go, forGo, python, packages, buildCaches }: Found,
  context: StageContext,
): Promise<readonly Slice[]> {
  const prefix = caches?.prefix ?? ''
  const slices: Slice[] = []
  if (go && buildCaches) {
    const module = project.resolve(project.config.go.directory)
    const { GOMODCACHE, GOHOSTOS, GOHOSTARCH } = await goEnvironment(go, forGo, module, context)
    const sums = await readFirst([join(module, 'go.sum'), join(module, 'go.mod')])
    const all = [...new Set([...project.config.go.platforms, `${GOHOSTOS}/${GOHOSTARCH}`])]
    const platforms = partOf(all, shard)
    slices.push(
      ...goSlices(
        prefix,
        { version: go.version, sums, moduleCache: GOMODCACHE ?? '', platforms },
        buildCaches,
      ),
    )
  }
  if (python && install && packages.length > 0) {
    const declared = await Promise.all(
      packages.map(({ folder }) => readFirst([join(folder, 'pyproject.toml')])),
    )
    slices.push(uvSlice(prefix, uvCacheFolder(places.environment), python.version, declared.join('\n')))
  }
  return slices
}

async function goEnvironment(
  go: FoundTool,
  env: Environment,
  cwd: string,
  { signal, temporary }: StageContext,
): Promise<Readonly<Record<string, string | undefined>>> {
  const outcome = await run([go.executable, 'env', '-json', 'GOMODCACHE', 'GOHOSTOS', 'GOHOSTARCH'], {
    cwd,
    env,
    temporary,
    timeoutMs: GO_ENV_TIMEOUT_MS,
    signal,
    stdout: 'capture',
  })
  if (!succeeded(outcome)) throw new Error(`${outcome.pasteable}: ${outcome.tail.join('\n')}`)
  return JSON.parse(outcome.stdout)
}

/** The content of the first of these files that is there; empty where none is. */
async function readFirst(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return ''
}

function toolCheck(id: string, name: string, { version, where, doubt }: FoundTool): Check {
  const check = { id, title: `${name} is there` }
  if (doubt === undefined) return { ...check, verdict: 'pass', detail: `${version} from ${where}` }
  return { ...check, verdict: 'inconclusive', detail: doubt, fix: 'ask for a version instead' }
}
