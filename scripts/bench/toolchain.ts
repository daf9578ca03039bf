import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_24, ROOT, wallTime } from './commands.ts'
import type { Benchmark } from './measure.ts'

const SETUP = [
  NODE_24,
  join(ROOT, 'dist', 'cli', 'index.js'),
  'run',
  'setup-mesh-toolchain',
  '--project',
  '.',
]

/** A start on a warm machine, and an installation from nothing. */
export function toolchainBenchmarks(sample: string): Disposable & { readonly all: readonly Benchmark[] } {
  const warm = mkdtempSync(join(tmpdir(), 'mesh-bench-toolchain-'))
  const packages = ['packages/mcp_mesh', 'packages/mcp_mesh_runtime']
  /** Runs commands one after the other with caches that are empty; their wall time together. */
  const cold = async (commands: (folder: string) => readonly (readonly string[])[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-toolchain-'))
    const env = {
      XDG_CACHE_HOME: folder,
      UV_CACHE_DIR: join(folder, 'uv-cache'),
      PIP_CACHE_DIR: join(folder, 'pip-cache'),
    }
    try {
      let sum = 0
      for (const argv of commands(folder)) sum += await wallTime(argv, { cwd: sample, env })
      return sum
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const pipInstall = (folder: string) => [
    ['python3', '-m', 'venv', join(folder, 'venv')],
    [
      ...[join(folder, 'venv', 'bin', 'python'), '-m', 'pip', 'install'],
      ...packages.flatMap((path) => ['--editable', path]),
    ],
  ]
  const warmSetup = () => wallTime(SETUP, { cwd: sample, env: { XDG_CACHE_HOME: warm } })
  return {
    all: [
      {
        name: 'toolchain-warm',
        question:
          'setup-mesh-toolchain where all is there already, the start of its process included, against 1.5 s',
        atMost: 1,
        pairs: 7,
        prepare: async () => void (await warmSetup()),
        a: warmSetup,
        b: async () => 1_500,
      },
      {
        name: 'toolchain-cold-install',
        question:
          "the sample's packages installed and imported by setup-mesh-toolchain, which fetches uv first, against python -m venv and pip install; both with empty caches",
        atMost: 0.5,
        pairs: 3,
        a: () => cold(() => [[...SETUP, '--no-go']]),
        b: () => cold(pipInstall),
      },
    ],
    [Symbol.dispose]: () => rmSync(warm, { recursive: true, force: true }),
  }
}
