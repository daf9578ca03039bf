import { mkdtempSync, readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Check } from '../../../src/result/stage-result.ts'
import { sweep } from '../../../src/stages/docker-smoke/sweep.ts'
import { engineProxy } from '../../support/engine-proxy.ts'
import { environmentWith } from '../../support/environment.ts'
import { type FaultyImages, faultyImages } from '../../support/faulty-image.ts'
import { describeWith } from '../../support/needs.ts'
import { ownEngine } from '../../support/own-engine.ts'
import { type SourceProcess, sourceProcess } from '../../support/source-process.ts'
import { checkOf } from '../../support/stage-context.ts'

const SLOW = 5 * 60_000
/** Of the classic builder, and of BuildKit. */
const BUILD = /^POST \S*\/(build|grpc)\b/
const START = /^POST \S*\/containers\/\w+\/start/

describeWith(['go', 'docker'])('an engine', () => {
  let images: FaultyImages

  beforeAll(async () => {
    images = await faultyImages({ registry: {} })
  }, SLOW)
  afterAll(async () => images?.[Symbol.asyncDispose](), SLOW)

  /** The stage in a process of its own, which prints its checks; it speaks to the engine at `host`. */
  const stageAt = (host: string): SourceProcess => {
    const { directory, logs } = images
    // The watchdog of a run that was killed removes it.
    const temporary = mkdtempSync(`${images.temporary}-`)
    using _ = environmentWith({ DOCKER_HOST: host })
    return sourceProcess(`
const { loadProject } = await import(SRC + 'project/load.ts')
const { smokeTest } = await import(SRC + 'stages/docker-smoke/index.ts')
const log = { info() {}, warn() {}, task: (_, work) => work(() => {}) }
const result = await smokeTest(
  loadProject({ directory: ${JSON.stringify(directory)} }),
  { verified: async () => new Map(), previous: new Map(), engineRequired: false, logs: ${JSON.stringify(logs)} },
  {
    ...{ log, attempt: 1, commit: 'unknown', now: () => new Date(), signal: new AbortController().signal },
    temporary: ${JSON.stringify(temporary)},
  },
)
console.log(JSON.stringify(result.checks))
`)
  }

  test.each([
    ['while an image is built', BUILD],
    ['while a container is started', START],
    ['while the image is read', /^GET \S*\/images\/\S*\/?get/],
  ])(
    'that stops %s is red with the words of docker; what was made is removed by the next run',
    async (_, when) => {
      await using proxy = await engineProxy(when)
      await using stage = stageAt(proxy.host)
      const checks = JSON.parse(await stage.line()) as readonly Check[]
      await stage.ended
      const fails = checks.filter(({ verdict }) => verdict === 'fail')
      expect(fails.map((check) => check.id).join()).toMatch(/^(built|ready|engine)\/registry/)
      expect(fails.map(({ detail }) => detail).join('\n')).toMatch(
        /docker daemon|EOF|connection|broken pipe/i,
      )
      await sweep(AbortSignal.timeout(60_000))
      expect(await images.leftovers(stage.child.pid)).toEqual([])
    },
    SLOW,
  )

  test(
    'loses what a killed run left in it to the next run',
    async () => {
      let kill = () => {}
      await using proxy = await engineProxy(START, (one) => {
        kill()
        one.stop()
      })
      await using stage = stageAt(proxy.host)
      kill = () => stage.child.kill('SIGKILL')
      await stage.ended
      expect(await images.leftovers(stage.child.pid)).toEqual([
        expect.stringContaining('a container of '),
        expect.stringContaining('a volume of '),
        expect.stringContaining('an image of '),
      ])
      expect(await sweep(AbortSignal.timeout(60_000))).toContainEqual(
        expect.stringMatching(new RegExp(`^${stage.child.pid}\\.`)),
      )
      expect(await images.leftovers(stage.child.pid)).toEqual([])
    },
    SLOW,
  )

  test(
    'has nothing of a run that was cancelled while its container was started',
    async () => {
      const cancel = new AbortController()
      await using proxy = await engineProxy(START, () => cancel.abort(new Error('cancelled')))
      using _ = environmentWith({ DOCKER_HOST: proxy.host })
      await expect(images.smokeTest({}, { signal: cancel.signal })).rejects.toThrow('cancelled')
      expect(await images.leftovers()).toEqual([])
      expect(readdirSync(images.temporary)).toEqual([])
    },
    SLOW,
  )
})

describeWith(['go', 'docker', 'an engine of its own'])('an engine without space', () => {
  test(
    'is red in one line with that cause, while it builds and while it loads, and nothing is left in it',
    async () => {
      const loaded = { file: undefined, image: 'images/padded.tar' }
      await using images = await faultyImages(
        { padded: { lines: ['COPY padding /padding'] }, loaded: { spec: loaded } },
        { padding: '' },
      )
      truncateSync(join(images.directory, 'padding'), 60_000_000)
      const folder = join(images.directory, 'images')
      await images.smokeTest({ images: ['padded'], saveTo: folder })
      await using engine = await ownEngine('64m')
      using _ = environmentWith({ DOCKER_HOST: engine.host })
      const result = await images.smokeTest()
      expect(result.checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
        ...['built/padded fail', 'built/loaded fail'],
      ])
      for (const name of ['padded', 'loaded']) {
        expect(checkOf(result, `built/${name}`).detail).toMatch(/^.*no space left on device.*$/)
      }
      expect(await images.leftovers()).toEqual([])
    },
    SLOW,
  )
})

describeWith(['go', 'docker'])('without an engine', () => {
  test('nothing was proved on a laptop, and in CI it is red', async () => {
    await using images = await faultyImages({})
    using _ = environmentWith({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })
    const here = await images.smokeTest()
    expect(here.verdict).toBe('inconclusive')
    expect(checkOf(here, 'engine')).toMatchObject({
      detail: expect.stringMatching(/cannot connect to the docker daemon/i),
      fix: expect.stringContaining('install'),
    })
    expect((await images.smokeTest({ engineRequired: true })).verdict).toBe('fail')
  })

  test('and without docker itself it says so', async () => {
    await using images = await faultyImages({})
    using _ = environmentWith({ PATH: images.temporary })
    expect(checkOf(await images.smokeTest(), 'engine')).toMatchObject({
      verdict: 'inconclusive',
      detail: 'there is no docker on PATH',
    })
  })
})
