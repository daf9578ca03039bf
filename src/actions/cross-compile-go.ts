import { join } from 'node:path'
import { action, input, output } from '../platform/declare.ts'
import { sizeTable } from '../stages/cross-compile-go/details.ts'
import { checksumsFile, crossCompile } from '../stages/cross-compile-go/index.ts'
import { BILL_OF_MATERIALS, CHECKSUMS, MANIFEST } from '../stages/cross-compile-go/manifest.ts'
import { binariesOutput } from './binaries-output.ts'
import { BUILD_CACHES } from './build-caches.ts'

/** Builds every command for every platform of this part, and uploads the binaries with what proves them. */
export default action({
  title: 'Cross-compile Go',
  description:
    'Builds every Go command of the mesh for every platform and proves each binary to be what it says',
  stage: 'cross-compile-go',
  after: ['setup-mesh-toolchain'],
  inputs: {
    platforms: input.list('GOOS/GOARCH pairs, separated by commas', { overrides: ['go', 'platforms'] }),
    commands: input.list('Names in go.commands, separated by commas; default all'),
    shard: input.shard('Which part of the platforms this job builds, as in 2/4; default all'),
    version: input.text(
      'Version to stamp into the binaries (main.version, or {version} in go.ldflags); default none',
    ),
    ldflags: input.text('Linker flags; {version} and {commit} are filled in', {
      overrides: ['go', 'ldflags'],
    }),
    tags: input.list('Build tags, separated by commas', { overrides: ['go', 'tags'] }),
    reproducible: input.flag('Builds everything again in another folder and compares the bytes', {
      default: 'false',
    }),
    previous: input.path(
      'A binaries.json of an earlier build to compare sizes with, relative to the project',
    ),
  },
  outputs: {
    binaries: output.json('Path, platform, size in bytes and SHA-256 of each binary'),
    totalBytes: output.text('Size of all binaries together, in bytes'),
    checksumsFile: output.text('SHA256SUMS of the binaries, relative to the project'),
  },
  async run({ inputs, project, stage }) {
    const buildCaches = process.env[BUILD_CACHES] || undefined
    const result = await crossCompile(project, { ...inputs, buildCaches }, stage)
    const { folder, binaries } = result.data
    return {
      result,
      files: [...binaries.map(({ path }) => path), MANIFEST, CHECKSUMS, BILL_OF_MATERIALS].map((name) =>
        join(project.directory, folder, name),
      ),
      details: sizeTable(binaries),
      outputs: {
        binaries: binariesOutput(folder, binaries),
        totalBytes: binaries.reduce((sum, binary) => sum + binary.sizeBytes, 0),
        checksumsFile: checksumsFile(result.data),
      },
    }
  },
})
