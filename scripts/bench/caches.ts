import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CacheService } from '../../__tests__/support/cache-service.ts'
import { ageEntries, dropUnused } from '../../src/stages/setup-mesh-toolchain/caches/build-cache.ts'
import { benchJob } from './job.ts'
import type { Benchmark } from './measure.ts'

/** Ten commits that update a dependency of the sample each, since only those save anew: the key is made of go.sum. */
const UPDATES = [
  'github.com/mattn/go-isatty@v0.0.21',
  'modernc.org/sqlite@v1.46.2',
  'golang.org/x/sys@v0.38.0',
  'github.com/ncruces/go-strftime@v1.1.0',
  'modernc.org/sqlite@v1.47.0',
  'golang.org/x/sys@v0.39.0',
  'github.com/mattn/go-isatty@v0.0.22',
  'modernc.org/memory@v1.12.0',
  'modernc.org/sqlite@v1.48.0',
  'golang.org/x/sys@v0.40.0',
]

/** What the caches of setup-mesh-toolchain bring to a job, and how large they become. */
export function cacheBenchmarks(sample: string): AsyncDisposable & { readonly all: readonly Benchmark[] } {
  // Caches come back only to the path that they were saved from.
  const machine = mkdtempSync(join(tmpdir(), 'mesh-bench-machine-'))
  let service: CacheService | undefined
  let growth: Awaited<ReturnType<typeof afterTenCommits>> | undefined
  let commit = 0
  /** Both steps of the short name cross-compile, for a commit that changes one command. */
  const job = async (environment: Readonly<Record<string, string>>, { saves = false } = {}) => {
    rmSync(join(sample, 'bin'), { recursive: true, force: true })
    appendFileSync(join(sample, 'cmd', 'mcp-mesh-registry', 'main.go'), `// commit ${commit++}\n`)
    const steps = benchJob(machine, sample, environment)
    const setupMs = await steps.step('setup-mesh-toolchain', { INPUT_PYTHON: 'false' })
    const compileMs = await steps.step('cross-compile-go', {})
    if (saves) await steps.post('setup-mesh-toolchain')
    return setupMs + compileMs
  }
  const restored = (options = {}) => job(service?.environment(machine) ?? {}, options)
  return {
    all: [
      {
        name: 'cross-compile-restored',
        question:
          'a changed command cross-compiled after its build caches came back, bringing them back included, against no cache; both have the modules',
        atMost: 0.15,
        pairs: 1,
        async prepare() {
          service = await CacheService.start()
          await restored({ saves: true })
        },
        a: () => restored(),
        b: () => job({}),
      },
      {
        name: 'saved-cache-growth',
        question:
          'the build cache of one platform after ten commits that update a dependency each: trimmed against not trimmed',
        unit: 'bytes',
        atMost: 0.7,
        pairs: 1,
        async prepare() {
          growth = await afterTenCommits(sample)
        },
        a: async () => growth?.trimmed ?? Number.NaN,
        b: async () => growth?.whole ?? Number.NaN,
      },
    ],
    async [Symbol.asyncDispose]() {
      await service?.[Symbol.asyncDispose]()
      rmSync(machine, { recursive: true, force: true })
    },
  }
}

/** A build cache that went through all commits, from restore to build: as it is, and trimmed as it would be saved. */
async function afterTenCommits(
  sample: string,
): Promise<{ readonly trimmed: number; readonly whole: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-growth-'))
  try {
    const project = join(folder, 'project')
    const cache = join(folder, 'cache')
    cpSync(sample, project, { recursive: true })
    const go = (...args: readonly string[]) =>
      execFileSync('go', args, {
        cwd: project,
        env: { ...process.env, GOCACHE: cache, CGO_ENABLED: '0' },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    let since = new Date()
    for (const update of [undefined, ...UPDATES]) {
      if (update !== undefined) go('get', update)
      await ageEntries(cache, new Date())
      since = new Date()
      go('build', '-trimpath', '-gcflags=all=-dwarf=false', '-o', join(folder, 'bin/'), './cmd/...')
    }
    const whole = bytesIn(cache)
    // What the last build used is what is left where every commit trimmed: what it lacked it would have made again.
    await dropUnused(cache, since)
    return { trimmed: bytesIn(cache), whole }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
