import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { StageResult } from '../../../src/result/stage-result.ts'
import { readArchive } from '../../../src/stages/docker-smoke/archive.ts'
import type { DockerData } from '../../../src/stages/docker-smoke/index.ts'
import { docker, testImages } from '../../support/docker.ts'
import { type FaultyImages, faultyImages } from '../../support/faulty-image.ts'
import { describeWith } from '../../support/needs.ts'
import { COMMIT, checkOf } from '../../support/stage-context.ts'
import { filesTar } from '../../support/tar.ts'

const SLOW = 5 * 60_000
const PLAIN = `plain-${randomBytes(6).toString('hex')}`
/** What docker load calls the image that was saved. */
const LOADED = `${PLAIN}:${COMMIT}`

describeWith(['go', 'docker'])('an image that is there already', () => {
  const others = testImages()
  let byTag: string
  let other: string
  let images: FaultyImages
  let saved: StageResult<DockerData>
  let result: StageResult<DockerData>

  const existing = (image: string) => ({
    spec: { file: undefined, port: undefined, ready: undefined, image },
  })
  const imageOf = (name: string, { data } = result) => data.images.find((one) => one.name === name)
  const idOf = (image: string) => docker('image', 'inspect', '--format', '{{.Id}}', image)

  beforeAll(async () => {
    byTag = others.name('by-tag')
    images = await faultyImages({
      [PLAIN]: { spec: { port: undefined, ready: undefined } },
      'by-tag': existing(byTag),
      'from-tar': existing(`images/${PLAIN}.tar`),
      'from-gzip': existing(`images/${PLAIN}.tar.gz`),
      cut: existing('images/cut.tar'),
      'no-image': existing('images/no-image.tar'),
      nothing: existing('images/nothing.tar.gz'),
      absent: existing('images/absent.tar'),
    })
    const folder = join(images.directory, 'images')
    saved = await images.smokeTest({ images: [PLAIN], saveTo: folder })
    const tar = join(folder, `${PLAIN}.tar`)
    await pipeline(createReadStream(tar), createGzip(), createWriteStream(`${tar}.gz`))
    writeFileSync(join(folder, 'cut.tar'), readFileSync(tar).subarray(0, 100_000))
    writeFileSync(join(folder, 'no-image.tar'), await filesTar({ 'notes.txt': 'nothing\n' }))
    writeFileSync(join(folder, 'nothing.tar.gz'), '')
    // Another image bears the name that the saved one has in its tar.
    other = await others.build('FROM scratch\nCOPY notes /notes\n', { notes: byTag })
    await docker('tag', other, LOADED)
    await docker('tag', other, byTag)
    const previous = new Map([
      ['from-tar', (imageOf(PLAIN, saved)?.uncompressedBytes ?? 0) - 2048],
      ['from-gzip', imageOf(PLAIN, saved)?.uncompressedBytes ?? 0],
    ])
    const names = ['by-tag', 'from-tar', 'from-gzip', 'cut', 'no-image', 'nothing', 'absent']
    result = await images.smokeTest({ images: names, previous })
  }, SLOW)
  afterAll(async () => {
    if (other) await docker('rmi', '--force', LOADED)
    await others[Symbol.asyncDispose]()
    await images?.[Symbol.asyncDispose]()
  }, SLOW)

  test('is taken by its name, which it keeps', async () => {
    expect(checkOf(result, 'built/by-tag')).toMatchObject({
      verdict: 'pass',
      detail: `${byTag} is ${await idOf(other)}`,
    })
    expect(imageOf('by-tag')?.id).toBe(await idOf(byTag))
  })

  test.each(['from-tar', 'from-gzip'])('is taken %s, told by its id', (name) => {
    const id = imageOf(PLAIN, saved)?.id
    expect(checkOf(result, `built/${name}`)).toMatchObject({
      verdict: 'pass',
      detail: expect.stringMatching(new RegExp(`^images/${PLAIN}\\.tar(\\.gz)? is ${id}$`)),
    })
    expect(imageOf(name)).toMatchObject({ id, layers: imageOf(PLAIN, saved)?.layers })
    expect(checkOf(result, `program/${name}`).verdict).toBe('pass')
    expect(checkOf(result, `verified/${name}`).verdict).toBe('skipped')
  })

  test('gives no other image its name, and leaves none behind', async () => {
    expect(await idOf(LOADED)).toBe(await idOf(other))
    expect(await images.leftovers()).toEqual([])
    await expect(idOf(imageOf(PLAIN, saved)?.id ?? '')).rejects.toThrow(/No such image/)
  })

  test.each([
    ['is cut off', 'cut', /^no archive of an image: \S.*$/],
    ['holds something else', 'no-image', /^no archive of an image: it has no manifest\.json$/],
    ['is empty', 'nothing', /^no archive of an image: it has no manifest\.json$/],
    ['is not there', 'absent', /^there is no images\/absent\.tar$/],
  ])('in a tar that %s is red in one line', (_, name, detail) => {
    expect(checkOf(result, `built/${name}`)).toMatchObject({
      verdict: 'fail',
      detail: expect.stringMatching(detail),
      location: { file: `images/${name === 'nothing' ? 'nothing.tar.gz' : `${name}.tar`}` },
    })
    expect(imageOf(name)).toBeUndefined()
  })

  test('is told with how its size changed since an earlier run', () => {
    expect(checkOf(result, 'size/from-tar').detail).toMatch(/ in a registry, \+2\.0 KiB since the last one$/)
    expect(checkOf(result, 'size/from-gzip').detail).toMatch(/, unchanged since the last one$/)
    expect(checkOf(result, 'size/by-tag').detail).toMatch(/ in a registry$/)
  })

  test('and was saved as a tar is what docker load calls by image and commit', async () => {
    const [file = ''] = saved.data.saved
    expect(file).toBe(join(images.directory, 'images', `${PLAIN}.tar`))
    const archive = await readArchive(createReadStream(file))
    expect(archive.layers.flatMap(({ files }) => files.map(({ path }) => path))).toContain('/registry')
    expect(await docker('load', '--input', file)).toContain(`Loaded image: ${LOADED}`)
    expect(await idOf(LOADED)).toBe(imageOf(PLAIN, saved)?.id)
  })
})
