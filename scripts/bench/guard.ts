import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { NODE_24, ROOT, wallTime } from './commands.ts'
import type { Benchmark } from './measure.ts'

const FILES = 10_000
const GUARD = [
  NODE_24,
  join(ROOT, 'dist', 'cli', 'index.js'),
  'run',
  'validate-python-ref',
  '--guard-only',
  '--project',
  '.',
]

/** The guard alone on a large reference. */
export function guardBenchmark(): Disposable & Benchmark {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-guard-'))
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 })
  return {
    name: 'guard',
    question: `validate-python-ref --guard-only on ${FILES} files, the start of its process included, against 1 s`,
    atMost: 1,
    pairs: 9,
    async prepare() {
      const paths = Array.from({ length: FILES }, (_, index) => `packages/p${index % 100}/m${index}.py`)
      for (const [index, path] of paths.entries()) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(
          join(folder, path),
          `def f_${index}(x: int = ${index}) -> int:\n    return x\n`.repeat(10),
        )
      }
      writeFileSync(
        join(folder, 'mesh.yml'),
        'python: { packages: [] }\npreserve: { paths: [packages], frozen: [packages/p1] }\n',
      )
      git('init', '--quiet')
      git('add', '--all')
      const listed = git('ls-files', '--stage', '--', 'packages')
      writeFileSync(join(folder, 'mesh.baseline'), `version 1\n[files]\n${listed}`)
      await wallTime(GUARD, { cwd: folder })
    },
    a: () => wallTime(GUARD, { cwd: folder }),
    b: async () => 1_000,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
