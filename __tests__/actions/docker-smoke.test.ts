import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import dockerSmoke from '../../src/actions/docker-smoke.ts'
import { noArtifacts } from '../../src/platform/artifacts/none.ts'
import { loadProject } from '../../src/project/load.ts'
import { BARE_PLACE } from '../support/actions.ts'
import { environmentWith } from '../support/environment.ts'
import { writeFiles } from '../support/go-module.ts'
import { describeWith } from '../support/needs.ts'
import { checkOf, stageContext } from '../support/stage-context.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FILES = {
  'mesh.yml': JSON.stringify({
    docker: {
      images: {
        notes: { file: 'notes.Dockerfile' },
        compiles: { file: 'compiles.Dockerfile' },
        there: { image: 'example.com/mesh:1' },
        copies: { file: 'copies.Dockerfile' },
      },
    },
  }),
  'notes.Dockerfile': 'FROM scratch\nCOPY mesh.yml /notes\nCMD ["/notes"]\n',
  'compiles.Dockerfile': 'FROM golang:1.24\nRUN go build -o /registry ./cmd/registry\n',
  'copies.Dockerfile': 'FROM scratch\n\nCOPY bin/mcp-mesh-registry-linux-amd64 /registry\n',
}

/** The action on a project of these images, in which nothing was built. */
async function performed(
  directory: string,
  inputs: Partial<Parameters<typeof dockerSmoke.run>[0]['inputs']>,
  files: Readonly<Record<string, string>> = {},
) {
  await writeFiles(directory, { ...FILES, ...files })
  return dockerSmoke.run({
    project: loadProject({ directory }),
    stage: stageContext(directory),
    artifacts: noArtifacts('none in this test', () => undefined),
    place: BARE_PLACE,
    logs: join(directory, 'logs'),
    out: '/nowhere',
    forgivesInconclusive: false,
    artifactName: (stage) => `mesh-${stage}`,
    inputs: { images: undefined, binaries: undefined, pushTar: false, previous: undefined, ...inputs },
  })
}

const WITHOUT_ENGINE = { DOCKER_HOST: 'unix:///nowhere/docker.sock', CI: undefined }

test('without an engine nobody is asked for binaries', async () => {
  await using folder = await temporaryFolder()
  using _ = environmentWith(WITHOUT_ENGINE)
  const { result } = await performed(folder.path, {})
  expect(result).toMatchObject({
    verdict: 'inconclusive',
    checks: [{ id: 'engine', fix: expect.stringContaining('install') }],
  })
})

test.each([
  ['holds something else', '{}', 'it holds no output "images" of docker-smoke'],
  ['holds no JSON', 'images', 'it holds no output "images" of docker-smoke'],
  ['is not there', undefined, 'it cannot be read: ENOENT'],
])('a file of previous sizes that %s is an error in one line', async (_, text, why) => {
  await using folder = await temporaryFolder()
  const files: Record<string, string> = text === undefined ? {} : { 'images.json': text }
  await expect(performed(folder.path, { previous: 'images.json' }, files)).rejects.toMatchObject({
    oneLine: `images.json, given as previous: ${why}`,
  })
})

describeWith(['docker'])('the action docker-smoke', () => {
  test('asks for binaries where an image copies them, at its line', async () => {
    await using folder = await temporaryFolder()
    await expect(performed(folder.path, {})).rejects.toMatchObject({
      oneLine: expect.stringMatching(
        /^copies\.Dockerfile:3: binaries are copied here, but no binaries: bin has none, and .*; \S.*$/,
      ),
    })
  })

  test('wants binaries in the folder that is named for them, whoever copies them', async () => {
    await using folder = await temporaryFolder()
    await expect(performed(folder.path, { images: ['notes'], binaries: 'bin' })).rejects.toThrow(
      /^binaries: bin does not exist$/,
    )
  })

  test('asks nobody for binaries where images are there, compile their own or hold none', async () => {
    await using folder = await temporaryFolder()
    const { result } = await performed(folder.path, { images: ['notes', 'there'] })
    expect(result?.checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['built/notes', 'built/there']))
  })

  test('gives the images out as it reads them again, as tars, and tells their change in the summary', async () => {
    await using folder = await temporaryFolder()
    const first = await performed(folder.path, { images: ['notes'] })
    const images = first.outputs.images as readonly Record<string, unknown>[]
    expect(images).toEqual([
      {
        name: 'notes',
        id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        digest: undefined,
        'size-bytes': expect.any(Number),
        'compressed-bytes': expect.any(Number),
        'ready-ms': undefined,
        'idle-memory-bytes': undefined,
      },
    ])
    expect(first.files).toEqual([])
    expect(first.details).not.toContain('change')

    const previous = images.map((image) => ({ ...image, 'size-bytes': Number(image['size-bytes']) - 1024 }))
    const second = await performed(
      folder.path,
      { images: ['notes'], pushTar: true, previous: 'images.json' },
      { 'images.json': JSON.stringify(previous) },
    )
    const [tar = ''] = second.files ?? []
    expect(tar).toBe(join(folder.path, 'logs', 'images', 'notes.tar'))
    expect(existsSync(tar)).toBe(true)
    if (!second.result) throw new Error('no result')
    expect(checkOf(second.result, 'size/notes').detail).toMatch(/, \+1\.0 KiB since the last one$/)
    expect(second.details).toMatch(/\| notes \| [^|]+ \| [^|]+ \| \+1\.0 KiB \|/)
    expect(second.details).toMatch(/\| COPY .*\/notes/)
    expect(second.details).toMatch(/\| \/notes \|/)
  })
})
