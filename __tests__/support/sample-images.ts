import type { testImages } from './docker.ts'
import { PYTHON_BASE_CHANGES, pythonBase } from './python-base.ts'

/** The sample's images for mesh.yml, the CLI's on a base that is made here, since none can be pulled. */
export async function sampleImages(images: ReturnType<typeof testImages>) {
  const base = await images.importTar(await pythonBase(), PYTHON_BASE_CHANGES, 'python')
  return {
    registry: {
      file: 'docker/registry.Dockerfile',
      'size-limit': '20MB',
      port: 8080,
      commands: [['/mcp-mesh-registry', '--help']],
    },
    cli: {
      file: 'docker/cli.Dockerfile',
      'build-args': { PYTHON_IMAGE: base, PIP_ARGUMENTS: '--no-index --no-build-isolation' },
      commands: [
        ['mcp-mesh-dev', '--help'],
        ['python', '-c', 'import mcp_mesh'],
      ],
    },
  }
}
