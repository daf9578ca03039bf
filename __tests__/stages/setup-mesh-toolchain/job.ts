import { delimiter, join } from 'node:path'
import { cacheService } from '../../../src/platform/cache-service.ts'
import { loadProject, type Override } from '../../../src/project/load.ts'
import type { Shard } from '../../../src/result/shard.ts'
import { saveSlices } from '../../../src/stages/setup-mesh-toolchain/caches/save.ts'
import { type Setup, setupToolchain } from '../../../src/stages/setup-mesh-toolchain/index.ts'
import type { CacheService } from '../../support/cache-service.ts'
import type { Mesh } from '../../support/go-module.ts'
import { stageContext } from '../../support/stage-context.ts'

export interface JobOptions {
  readonly goVersion?: string
  readonly platforms?: readonly string[]
  readonly shard?: Shard
  /** Undefined where nothing is cached. */
  readonly service?: CacheService
  readonly saves?: boolean
  readonly fetchesModules?: boolean
  readonly userCache?: string
}

/** Sets Go alone up for a small mesh, as the first step of a job does; what it said, and its post step. */
export async function setUp(mesh: Mesh, options: JobOptions = {}) {
  const { temporary } = mesh
  const { log, lines, signal, ...context } = stageContext(temporary)
  const overrides: Override[] = [
    { path: ['go', 'version'], value: options.goVersion, from: 'the test' },
    { path: ['go', 'platforms'], value: options.platforms, from: 'the test' },
  ].filter(({ value }) => value !== undefined)
  const store = options.service && cacheService(options.service.environment(temporary))
  const setup = await setupToolchain(
    loadProject({ directory: mesh.directory, overrides }),
    {
      go: true,
      python: false,
      install: false,
      fetchesModules: options.fetchesModules ?? false,
      shard: options.shard,
      places: {
        toolCache: undefined,
        userCache: options.userCache ?? join(mesh.directory, '..', 'user-cache'),
        environment: { ...process.env },
      },
      caches: store && { store, saves: options.saves ?? true, prefix: '' },
    },
    { log, signal, ...context },
  )
  return {
    setup,
    lines,
    async post() {
      if (store) await saveSlices(setup.saveable, store, { log, signal, limitMs: 60_000 })
    },
  }
}

/** What the steps after it find in their environment. */
export function laterEnvironment({ path, variables }: Setup): Readonly<Record<string, string>> {
  return { ...variables, PATH: [...path, process.env.PATH].join(delimiter) }
}
