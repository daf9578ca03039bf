import { expect, test } from '@jest/globals'
import { loadProject } from '../../../src/project/load.ts'
import type { Check } from '../../../src/result/stage-result.ts'
import type { ImageArchive, LayerFile } from '../../../src/stages/docker-smoke/archive.ts'
import { chosenImages } from '../../../src/stages/docker-smoke/chosen.ts'
import { contentChecks } from '../../../src/stages/docker-smoke/contents.ts'
import { instructionsOf } from '../../../src/stages/docker-smoke/dockerfile.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const PROVED = 'a'.repeat(64)
const COPIES = 'FROM scratch\nCOPY bin/registry /registry\n'

function file(path: string, more: Partial<LayerFile> = {}): LayerFile {
  return {
    ...{ path, type: 'file', mode: 0o644, sizeBytes: 1, link: undefined },
    ...{ head: Buffer.from('#!/bin/sh\n'), sha256: undefined },
    ...more,
  }
}

/** A check of an image of these files, whose Dockerfile is as given. */
async function check(
  kind: string,
  {
    files = [],
    config = {},
    dockerfile = COPIES,
    verified = new Map<string, string>(),
  }: {
    readonly files?: readonly LayerFile[]
    readonly config?: ImageArchive['config']['config'] & object
    readonly dockerfile?: string
    readonly verified?: ReadonlyMap<string, string>
  },
): Promise<Check | undefined> {
  await using folder = await temporaryFolder()
  const [[name, spec] = ['', undefined]] = chosenImages(loadProject({ directory: folder.path }), ['registry'])
  if (!spec) throw new Error('no image')
  const archive = { config: { config }, layers: [{ uncompressedBytes: 1, compressedBytes: 1, files }] }
  const image = { reference: 'registry', instructions: dockerfile ? instructionsOf(dockerfile) : [] }
  return contentChecks({ name, archive, image, spec, verified }).find(({ id }) => id === `${kind}/registry`)
}

test.each([
  ['holds it', file('/registry', { sha256: PROVED }), COPIES, 'pass', '/registry is bin/registry'],
  [
    'copies another one',
    file('/registry', { sha256: 'b'.repeat(64) }),
    COPIES,
    'fail',
    'no file in it is one of binaries.json',
  ],
  [
    'compiles its own',
    file('/registry', { sha256: 'b'.repeat(64) }),
    'FROM golang:1.24\nRUN go build -o /registry ./cmd/registry\n',
    'skipped',
    'it compiles its own, which nothing else was asked of',
  ],
  ['was there already', file('/registry'), '', 'skipped', 'it was there already'],
] as const)(
  'of the binary that was proved, an image that %s is told so',
  async (_, one, dockerfile, verdict, detail) => {
    const verified = new Map([[PROVED, 'bin/registry']])
    expect(await check('verified', { files: [one], dockerfile, verified })).toMatchObject({ verdict, detail })
  },
)

test('where nobody asked for binaries an image is not held against any', async () => {
  expect(await check('verified', { files: [file('/registry')] })).toMatchObject({
    verdict: 'skipped',
    detail: 'there are no binaries to hold it against',
  })
})

test.each([
  ['no program', {}, 'fail', 'it has neither ENTRYPOINT nor CMD'],
  ['a program that is not in it', { Cmd: ['registry'] }, 'fail', 'registry is not in it'],
  ['a script', { Entrypoint: ['/start'], Cmd: ['--help'] }, 'pass', '/start is a script'],
  [
    'a program on its PATH',
    { Cmd: ['start'], Env: ['PATH=/nowhere:/opt'] },
    'pass',
    '/opt/start is a script',
  ],
] as const)('an image that starts %s is told so', async (_, config, verdict, detail) => {
  const files = [file('/start'), file('/opt/start')]
  expect(await check('program', { files, config })).toMatchObject({ verdict, detail })
})

test.each([
  ['/var/lib/apt/lists/deb.example.com_main'],
  ['/var/cache/apt/archives/curl.deb'],
  ['/var/cache/apk/APKINDEX.tar.gz'],
  ['/root/.cache/pip/http/ab'],
  ['/root/.npm/_cacache/index'],
  ['/go/pkg/mod/cache/download/x'],
])('the cache of a package manager at %s is red', async (path) => {
  expect(await check('leftovers', { files: [file(path)] })).toMatchObject({ verdict: 'fail', detail: path })
})

test.each([
  ['/app/.git/HEAD', {}],
  ['/app/.env.production', {}],
  ['/app/key', { head: Buffer.from('-----BEGIN RSA PRIVATE KEY-----\n') }],
])('%s is given away', async (path, more) => {
  expect(await check('secrets', { files: [file(path, more)] })).toMatchObject({
    verdict: 'fail',
    detail: path,
  })
})

test.each(['/app/.env.example', '/app/.gitignore', '/app/key.pub'])('%s is no secret', async (path) => {
  expect(await check('secrets', { files: [file(path)] })).toMatchObject({ verdict: 'pass' })
})
