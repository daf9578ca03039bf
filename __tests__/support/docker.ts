import { randomBytes } from 'node:crypto'
import { writeFiles } from './go-module.ts'
import { execute } from './suite.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What a docker command prints; rejects with its own words when it fails. */
export async function docker(...args: readonly string[]): Promise<string> {
  // The classic builder, which is also there without buildx.
  const env = { ...process.env, DOCKER_BUILDKIT: '0' }
  const { code, stdout, stderr } = await execute('docker', args, { env })
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: exit code ${code}\n${stderr}\n${stdout}`)
  return stdout.trim()
}

export interface TestImages extends AsyncDisposable {
  /** A name for an image that nothing else bears; the image is removed at the end. */
  name(of: string): string
  /** Makes an image of one layer from a tar without compression; its name. */
  importTar(tar: string, changes: readonly string[], of?: string): Promise<string>
  /** Builds an image from a Dockerfile and the texts beside it; its name. FROM scratch needs no base. */
  build(dockerfile: string, files?: Readonly<Record<string, string>>): Promise<string>
}

/** Images of one test file, which are gone when its scope ends. */
export function testImages(): TestImages {
  const run = randomBytes(6).toString('hex')
  const names: string[] = []
  const name = (of: string) => {
    const given = `mesh-actions-test/${of}-${names.length}:${run}`
    names.push(given)
    return given
  }
  return {
    name,
    async importTar(tar, changes, of = 'imported') {
      const image = name(of)
      await docker('import', ...changes.flatMap((change) => ['--change', change]), tar, image)
      return image
    },
    async build(dockerfile, files = {}) {
      await using folder = await temporaryFolder()
      await writeFiles(folder.path, { ...files, Dockerfile: dockerfile })
      const image = name('built')
      await docker('build', '--quiet', '--force-rm', '--tag', image, folder.path)
      return image
    },
    async [Symbol.asyncDispose]() {
      if (names.length === 0) return
      const made = (await docker('images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n')
      const left = names.filter((one) => made.includes(one))
      if (left.length > 0) await docker('rmi', '--force', ...left)
    },
  }
}
