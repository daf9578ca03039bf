import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { pause } from '../../src/process/services/pause.ts'
import { reservePort } from '../../src/process/services/ports.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import { GOARCH } from '../../src/stages/setup-mesh-toolchain/go/platform.ts'
import { MESH_ACTIONS, wallTime } from './commands.ts'
import type { Benchmark } from './measure.ts'

/** How long the stage leaves a server alone before it reads its memory; all else that is asked of it lies beside that. */
const IDLE_MS = 10_000
const SEED_SLEEP_MS = 5_000

/** What docker-smoke does with the sample's registry image once it is built, against a limit and against the seed. */
export function dockerBenchmarks(sample: string): Disposable & { readonly all: readonly Benchmark[] } {
  const image = `mesh-bench/registry:${randomBytes(6).toString('hex')}`
  const [node, cli] = MESH_ACTIONS
  const meshActions = (...args: readonly string[]): readonly StageResult[] =>
    JSON.parse(
      execFileSync(node, [cli, 'run', ...args, '--project', '.', '--json'], {
        cwd: sample,
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      }),
    )
  const afterBuild = async () => {
    const [result] = meshActions('docker-smoke', '--images', 'registry')
    const built = result?.checks.find(({ id }) => id === 'built/registry')?.measured
    if (result?.verdict !== 'pass' || !built) throw new Error('docker-smoke is not green on the sample')
    return result.durationMs - built.value - IDLE_MS
  }
  const prepare = async () => {
    meshActions('cross-compile-go', '--commands', 'registry', '--platforms', `linux/${GOARCH}`)
    await seedBuild(image, sample)
    await afterBuild()
  }
  return {
    all: [
      {
        name: 'docker-smoke',
        question:
          'docker-smoke on the registry image, from the end of its build, the ten idle seconds aside, against 6 s',
        atMost: 1,
        pairs: 5,
        prepare,
        a: afterBuild,
        b: async () => 6_000,
      },
      {
        name: 'docker-smoke-seed',
        question: "the same against the seed's docker run, sleep 5, curl and docker stop",
        atMost: 1,
        pairs: 3,
        prepare,
        a: afterBuild,
        b: () => seedSteps(image, sample),
      },
    ],
    [Symbol.dispose]() {
      spawnSync('docker', ['rmi', '--force', image], { stdio: 'ignore' })
    },
  }
}

/** Builds the registry image as the seed does; the time that it takes in milliseconds. */
export function seedBuild(image: string, cwd: string): Promise<number> {
  const build = ['docker', 'build', '--file', 'docker/registry.Dockerfile', '--tag', image, '.']
  return wallTime(build, { cwd, env: { DOCKER_BUILDKIT: '0' } })
}

/** The seed's steps with an image one after the other, on a port that is free; milliseconds. */
export async function seedSteps(image: string, cwd: string): Promise<number> {
  await using reserved = await reservePort()
  const name = `mesh-bench-${randomBytes(6).toString('hex')}`
  const publish = ['--publish', `127.0.0.1:${reserved.port}:8080`]
  const startedAt = performance.now()
  await wallTime(['docker', 'run', '--rm', '--detach', '--name', name, ...publish, image], { cwd })
  await pause(SEED_SLEEP_MS)
  await wallTime(['curl', '-f', `http://127.0.0.1:${reserved.port}/health`], { cwd })
  await wallTime(['docker', 'stop', name], { cwd })
  return performance.now() - startedAt
}
