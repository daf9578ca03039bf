import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from '@jest/globals'
import { writeRenamed } from '../../../src/stages/docker-smoke/renamed-archive.ts'
import { filesTar } from '../../support/tar.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const MANIFEST = [{ Config: 'blobs/config', RepoTags: ['mesh:1', 'mesh:2'], Layers: ['blobs/layer'] }]
const INDEX = {
  schemaVersion: 2,
  manifests: [
    {
      digest: 'sha256:0123',
      annotations: {
        'io.containerd.image.name': 'docker.io/library/mesh:1',
        'org.opencontainers.image.ref.name': '1',
        'org.opencontainers.image.created': '2026-01-01T00:00:00Z',
      },
    },
  ],
}
// Longer than a chunk of any stream.
const LAYER = Buffer.alloc(300_000, 'layer')

/** The archive as it is written with other names: its files with their texts. */
async function renamed(files: Readonly<Record<string, string | Buffer>>, names: readonly string[]) {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'renamed.tar')
  await writeRenamed(Readable.from([await filesTar(files)]), file, names)
  execFileSync('tar', ['-x', '-f', file, '-C', folder.path])
  const listed = execFileSync('tar', ['-t', '-f', file], { encoding: 'utf8' }).trim().split('\n')
  return Object.fromEntries(listed.map((name) => [name, readFileSync(join(folder.path, name))]))
}

test('an archive of an image is the same but for the names of the image, of old and new engines', async () => {
  const files = await renamed(
    {
      'blobs/config': '{}',
      'blobs/layer': LAYER,
      'index.json': JSON.stringify(INDEX),
      'manifest.json': JSON.stringify(MANIFEST),
      repositories: '{"mesh":{"1":"0123"}}',
    },
    ['registry:abc'],
  )
  expect(Object.keys(files)).toEqual(['blobs/config', 'blobs/layer', 'index.json', 'manifest.json'])
  expect(files['blobs/layer']?.equals(LAYER)).toBe(true)
  expect(JSON.parse(String(files['manifest.json']))).toEqual([{ ...MANIFEST[0], RepoTags: ['registry:abc'] }])
  expect(JSON.parse(String(files['index.json']))).toEqual({
    schemaVersion: 2,
    manifests: [
      {
        digest: 'sha256:0123',
        annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z' },
      },
    ],
  })
})

test('without a new name the image has none', async () => {
  const files = await renamed({ 'manifest.json': JSON.stringify(MANIFEST) }, [])
  expect(JSON.parse(String(files['manifest.json']))[0].RepoTags).toBeNull()
})

test.each([
  ['no image', { 'notes.txt': 'nothing' }, 'it has no manifest.json'],
  ['two images', { 'manifest.json': JSON.stringify([...MANIFEST, ...MANIFEST]) }, 'it holds 2 images'],
  ['a broken manifest', { 'manifest.json': '[' }, 'it has no manifest.json'],
])('an archive of %s is refused with the cause', async (_, files, why) => {
  await expect(renamed(files, [])).rejects.toThrow(why)
})
