import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { minifyChunk } from '../build/minify.ts'
import { NODE_24, ROOT, timeToFirstLine } from './commands.ts'
import type { Benchmark } from './measure.ts'

/** An action's start to its first line against a script that only imports @actions/core, bundled the same way. */
export function startBenchmark(sample: string): Benchmark & Disposable {
  // Inside the checkout, where the script finds @actions/core.
  mkdirSync(join(ROOT, '.tools'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.tools', 'bench-'))
  const script = join(folder, 'bundle', 'index.js')
  const env = { GITHUB_WORKSPACE: sample, INPUT_SHARD: 'none' }
  return {
    name: 'start',
    question: "an action's start to its first line against a script that only imports @actions/core",
    atMost: 1.5,
    pairs: 41,
    async prepare() {
      const source = join(folder, 'source.js')
      writeFileSync(source, "import * as core from '@actions/core'\ncore.info('started')\n")
      execFileSync(
        join(ROOT, 'node_modules', '.bin', 'ncc'),
        [
          'build',
          source,
          '--out',
          join(folder, 'bundle'),
          '--no-cache',
          '--target',
          'es2022',
          '--source-map',
          '--no-source-map-register',
        ],
        { stdio: 'ignore' },
      )
      writeFileSync(script, (await minifyChunk(script, folder)).code)
      await this.a()
      await this.b()
    },
    a: () =>
      timeToFirstLine([NODE_24, join(ROOT, 'dist', 'cross-compile-go', 'index.js')], { cwd: sample, env }),
    b: () => timeToFirstLine([NODE_24, script], { cwd: sample, env }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
