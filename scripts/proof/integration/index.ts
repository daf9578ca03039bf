import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOST_PLATFORM } from '../../../src/stages/setup-mesh-toolchain/go/platform.ts'
import type { Proven } from '../proven.ts'
import { FAULTS, type MeshFault } from './faults.ts'
import { portsHeld } from './ports.ts'

/** go-python-integration, on meshes with one fault each. */
export function integrationProof(): Proven<MeshFault> {
  return {
    stage: 'go-python-integration',
    faults: FAULTS,
    kinds: 'port',
    // The watchdog is done in a tenth of a second, but has to come up first when the stage is killed as it begins,
    // which on a busy machine takes its time.
    cleanMs: 5_000,
    project(fault, folder) {
      const directory = join(folder, 'project')
      writeProject(directory, fault)
      return { directory, flags: ['--only', 'deployments,scripts', '--timeout', '2700ms'] }
    },
    leftovers: ({ directory, trace }) =>
      portsHeld({ log: join(directory, '.mesh', 'logs', 'go-python-integration', 'services.log'), trace }),
    async [Symbol.asyncDispose]() {
      // Every project lies in the folder of its run.
    },
  }
}

/** A project with binaries that are accepted: nothing of them is started but by name. */
function writeProject(directory: string, { config }: MeshFault): void {
  const program = '#!/bin/sh\n'
  const binary = {
    command: 'registry',
    path: 'registry',
    platform: HOST_PLATFORM,
    sizeBytes: program.length,
    sha256: createHash('sha256').update(program).digest('hex'),
    goVersion: 'go1.24',
    package: 'example.com/mesh/cmd/registry',
    modules: [],
  }
  mkdirSync(join(directory, 'bin'), { recursive: true })
  writeFileSync(join(directory, 'mesh.yml'), JSON.stringify(config))
  writeFileSync(join(directory, 'bin', 'registry'), program)
  const manifest = { schema: 1, commit: 'unknown', binaries: [binary] }
  writeFileSync(join(directory, 'bin', 'binaries.json'), JSON.stringify(manifest))
}
