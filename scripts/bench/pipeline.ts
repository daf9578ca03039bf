import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MESH_ACTIONS, sampleCopy, wallTime } from './commands.ts'
import { seedBuild, seedSteps } from './docker.ts'
import { SCRIPTS } from './integration.ts'
import type { Benchmark } from './measure.ts'
import { preparedSample } from './prepared-sample.ts'

const PACKAGES = ['packages/mcp_mesh', 'packages/mcp_mesh_runtime']
const CONFIG = 'bench.yml'
const IMAGES = 'docker: { images: { registry: { file: docker/registry.Dockerfile, port: 8080 } } }'
/** What the sample's tests need besides its packages. */
const REQUIREMENTS = ['pytest,pytest-xdist']

/** The whole pipeline in a terminal against what the seed's four jobs run, one after the other. */
export function pipelineBenchmark(): Disposable & Benchmark {
  const sample = sampleCopy()
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-pipeline-'))
  const image = `mesh-bench/pipeline:${randomBytes(6).toString('hex')}`
  const place = { cwd: sample.path, env: {} as Record<string, string> }
  const all = () =>
    wallTime([...MESH_ACTIONS, 'run', '--config', CONFIG, '--extra-requirements', ...REQUIREMENTS], place)
  return {
    name: 'pipeline',
    question:
      "mesh-actions run, all stages, warm, against the commands of the seed's jobs up to docker-build, warm as well; both with the registry image alone",
    atMost: 0.5,
    pairs: 3,
    async prepare() {
      const text = readFileSync(join(sample.path, 'mesh.yml'), 'utf8')
      writeFileSync(join(sample.path, CONFIG), `${text}${IMAGES}\n`)
      for (const args of [
        ['init', '-q'],
        ['add', '--all'],
        ['commit', '-q', '-m', 'sample'],
      ]) {
        execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], {
          cwd: sample.path,
        })
      }
      place.env = preparedSample(sample.path, folder, REQUIREMENTS)
      await all()
    },
    a: all,
    async b() {
      let sum = 0
      const step = async (...argv: string[]) => {
        sum += await wallTime(argv, place)
      }
      // validate-python-reference
      await step('make', 'validate-python-reference')
      for (const path of PACKAGES) await step('env', '-C', path, 'python', '-m', 'pytest')
      // build-go-binaries
      await step('make', 'build-all')
      // integration-testing
      await step('make', 'test')
      for (const script of SCRIPTS) await step('bash', script)
      // docker-build
      return sum + (await seedBuild(image, sample.path)) + (await seedSteps(image, sample.path))
    },
    [Symbol.dispose]() {
      spawnSync('docker', ['rmi', '--force', image], { stdio: 'ignore' })
      rmSync(folder, { recursive: true, force: true })
      sample[Symbol.dispose]()
    },
  }
}
