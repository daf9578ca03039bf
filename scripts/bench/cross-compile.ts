import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_24, ROOT, wallTime } from './commands.ts'
import type { Benchmark } from './measure.ts'

const MESH_ACTIONS = [
  NODE_24,
  join(ROOT, 'dist', 'cli', 'index.js'),
  'run',
  'cross-compile-go',
  '--project',
  '.',
]
const MAKE = ['make', 'build-all']

/** The stage, verification included, against the sample's own Makefile, which builds the same files one by one. */
export function crossCompileBenchmarks(sample: string): readonly Benchmark[] {
  const cold = (argv: readonly string[]) => async () => {
    const cache = mkdtempSync(join(tmpdir(), 'mesh-bench-cache-'))
    rmSync(join(sample, 'bin'), { recursive: true, force: true })
    try {
      return await wallTime(argv, { cwd: sample, env: { GOCACHE: cache } })
    } finally {
      rmSync(cache, { recursive: true, force: true })
    }
  }
  const warm = (argv: readonly string[]) => async () => {
    rmSync(join(sample, 'bin'), { recursive: true, force: true })
    return wallTime(argv, { cwd: sample })
  }
  return [
    {
      name: 'cross-compile-warm',
      question: 'cross-compile-go with verification against make build-all: full build cache, no bin/',
      atMost: 0.9,
      pairs: 7,
      async prepare() {
        await wallTime(MESH_ACTIONS, { cwd: sample })
        await wallTime(MAKE, { cwd: sample })
      },
      a: warm(MESH_ACTIONS),
      b: warm(MAKE),
    },
    {
      name: 'cross-compile-cold',
      question: 'cross-compile-go with verification against make build-all: empty build cache, no bin/',
      atMost: 0.9,
      pairs: 3,
      a: cold(MESH_ACTIONS),
      b: cold(MAKE),
    },
  ]
}
