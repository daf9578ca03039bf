import { readdirSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MARK_ASSIGNMENT } from '../../src/process/mark.ts'
import { nameAndPid, processTable } from '../../src/process/process-table.ts'
import { loadProject } from '../../src/project/load.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import {
  type IntegrationData,
  type IntegrationOptions,
  integrate,
} from '../../src/stages/go-python-integration/index.ts'
import { HOST, writeFiles } from './go-module.ts'
import { stageContext } from './stage-context.ts'
import { ROOT } from './suite.ts'
import { temporaryFolder } from './temporary-folder.ts'

const PROGRAMS = join(ROOT, '__tests__', 'support', 'faulty-mesh')

/** Starts a Python program of the standard library alone in a moment. */
const PYTHON = ['python3', '-S', '-E', '-u']

type Spec = Readonly<Record<string, unknown>>

/** A deployment of the small registry, with a fault and what else mesh.yml may say of one. */
export function faultyRegistry(fault = '', more: Spec = {}): Spec {
  return { run: [...PYTHON, join(PROGRAMS, 'registry.py')], env: { FAULT: fault }, ...more }
}

/** A small agent with a fault; it registers under its name. */
export function faultyAgent(fault = '', name = 'hello'): Spec {
  const env = { FAULT: fault, NAME: name }
  return { name, run: [...PYTHON, join(PROGRAMS, 'agent.py')], registers: [name], env }
}

export interface FaultyMesh extends AsyncDisposable {
  readonly directory: string
  readonly logs: string
  /** The stage's temporary folder. */
  readonly temporary: string
  /** The stage, on the standalone registry alone where `options` name nothing else. */
  integrate(
    options?: Partial<IntegrationOptions>,
    context?: Parameters<typeof stageContext>[1],
  ): Promise<StageResult<IntegrationData>>
  /** The merged log of the services. */
  log(): Promise<string>
  /** What a stage left, each in words: processes, files, ports. Nothing, where all is well. */
  leftovers(): readonly string[]
}

/**
 * A project in a temporary folder whose registries and agents are small Python programs: healthy ones where nothing
 * else is said. Its commands are in no Go module, so that nothing has to be built.
 */
export async function faultyMesh(
  config: {
    readonly deployments?: Readonly<Record<string, Spec>>
    readonly agents?: readonly Spec[]
    readonly calls?: readonly Spec[]
    readonly scripts?: readonly (readonly string[])[]
    readonly go?: Spec
    readonly files?: Readonly<Record<string, string>>
  } = {},
): Promise<FaultyMesh> {
  const folder = await temporaryFolder()
  const [directory, temporary, logs] = ['project', 'temporary', 'logs'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string]
  await mkdir(temporary)
  const { agents = [faultyAgent()], calls = [], scripts = [] } = config
  const healthy = { standalone: faultyRegistry(), embedded: faultyRegistry(), reference: faultyRegistry() }
  // JSON is YAML.
  const mesh = {
    go: { commands: {}, ...config.go },
    deployments: { ...healthy, ...config.deployments },
    integration: { agents, calls, scripts },
  }
  await writeFiles(directory, { 'mesh.yml': JSON.stringify(mesh), ...config.files })
  return {
    directory,
    logs,
    temporary,
    integrate: (options = {}, context = {}) =>
      integrate(
        loadProject({ directory }),
        {
          programs: {},
          platform: HOST,
          deployments: ['standalone'],
          only: ['deployments'],
          timeoutMs: 20_000,
          logs,
          ...options,
        },
        stageContext(temporary, context),
      ),
    log: () => readFile(join(logs, 'services.log'), 'utf8'),
    leftovers: () => [
      ...processTable()
        .filter((entry) => entry.carries(MARK_ASSIGNMENT))
        .map(nameAndPid),
      ...readdirSync(temporary),
    ],
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** The stage on such a mesh, run to its end; the scope's end fails when it left anything. */
export async function faultyStage(
  config: Parameters<typeof faultyMesh>[0],
  options: Partial<IntegrationOptions> = {},
) {
  const mesh = await faultyMesh(config)
  const result = await mesh.integrate(options)
  return {
    result,
    log: mesh.log,
    async [Symbol.asyncDispose]() {
      const leftovers = mesh.leftovers()
      await mesh[Symbol.asyncDispose]()
      if (leftovers.length > 0) throw new Error(`left behind: ${leftovers.join(', ')}`)
    },
  }
}
