import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadProject } from '../../../src/project/load.ts'
import type { StageResult } from '../../../src/result/stage-result.ts'
import { crossCompile } from '../../../src/stages/cross-compile-go/index.ts'
import { type DockerData, smokeTest } from '../../../src/stages/docker-smoke/index.ts'
import { type TestImages, testImages } from '../../support/docker.ts'
import { environmentWith } from '../../support/environment.ts'
import { describeWith } from '../../support/needs.ts'
import { PYTHON_BASE_CHANGES, pythonBase } from '../../support/python-base.ts'
import { type Reference, sampleReference } from '../../support/reference.ts'
import { checkOf, stageContext } from '../../support/stage-context.ts'

const SLOW = 10 * 60_000
const PLATFORM = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`

describeWith(['go', 'docker', 'python3 of version 3.11 or later'])('the images of the sample', () => {
  const images: TestImages = testImages()
  let reference: Reference
  let result: StageResult<DockerData>

  beforeAll(async () => {
    reference = await sampleReference()
    const { directory, places } = reference
    const base = await images.importTar(await pythonBase(), PYTHON_BASE_CHANGES, 'python')
    const cli = {
      file: 'docker/cli.Dockerfile',
      'build-args': { PYTHON_IMAGE: base, PIP_ARGUMENTS: '--no-index --no-build-isolation' },
      port: 8080,
      commands: [
        ['mcp-mesh-dev', '--help'],
        ['python', '-c', 'import mcp_mesh, mcp_mesh_runtime'],
      ],
    }
    const registry = {
      file: 'docker/registry.Dockerfile',
      'size-limit': '20MB',
      port: 8080,
      ready: '/health',
      integration: true,
      commands: [['/mcp-mesh-registry', '--help']],
    }
    // JSON is YAML.
    const more = `go: ${JSON.stringify({ platforms: [PLATFORM] })}\ndocker: ${JSON.stringify({ images: { registry, cli } })}\n`
    appendFileSync(join(directory, 'mesh.yml'), more)
    const project = loadProject({ directory })
    const temporary = join(places.folder, 'stage')
    mkdirSync(temporary)
    using _ = environmentWith({ PATH: places.environment.PATH })
    const { data } = await crossCompile(project, {}, stageContext(temporary))
    const verified = new Map(data.binaries.map(({ sha256, path }) => [sha256, path]))
    const logs = join(places.folder, 'logs')
    result = await smokeTest(
      project,
      { verified: async () => verified, previous: new Map(), engineRequired: true, logs },
      stageContext(temporary),
    )
  }, SLOW)
  afterAll(async () => {
    await images[Symbol.asyncDispose]()
    await reference?.[Symbol.asyncDispose]()
  }, SLOW)

  test('are green in all', () => {
    expect(
      result.checks.filter(({ verdict }) => verdict !== 'pass').map(({ id, detail }) => `${id}: ${detail}`),
    ).toEqual([])
    expect(result.verdict).toBe('pass')
  })

  test('hold the binaries that were proved', () => {
    expect(checkOf(result, 'verified/registry').detail).toContain(
      `/mcp-mesh-registry is mcp-mesh-registry-${PLATFORM.replace('/', '-')}`,
    )
    expect(checkOf(result, 'verified/cli').detail).toContain('/usr/local/bin/mcp-mesh-dev is ')
  })

  test('have a registry of less than 20 MB, with which agents of the machine register', () => {
    expect(checkOf(result, 'size/registry').measured?.value).toBeLessThan(20_000_000)
    expect(checkOf(result, 'registers/registry/hello-world').verdict).toBe('pass')
    expect(checkOf(result, 'registers/registry/system-agent').verdict).toBe('pass')
  })

  test('have a command line that works, and the packages of the reference', () => {
    expect(checkOf(result, 'commands/cli/mcp-mesh-dev --help').verdict).toBe('pass')
    expect(checkOf(result, 'commands/cli/python -c import mcp_mesh, mcp_mesh_runtime').verdict).toBe('pass')
  })
})
