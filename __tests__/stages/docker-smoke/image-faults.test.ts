import { chmodSync, readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { StageResult } from '../../../src/result/stage-result.ts'
import type { DockerData } from '../../../src/stages/docker-smoke/index.ts'
import { type FaultyImage, type FaultyImages, faultyImages } from '../../support/faulty-image.ts'
import { describeWith } from '../../support/needs.ts'
import { checkOf } from '../../support/stage-context.ts'

const SLOW = 5 * 60_000

/** Each is looked at in one run of the stage, side by side. */
const IMAGES: Readonly<Record<string, FaultyImage>> = {
  healthy: { spec: { commands: [['/registry', '-help']] } },
  loopback: { fault: 'loopback' },
  'other-port': { fault: 'other-port' },
  'wrong-expose': { expose: 9090 },
  'never-listens': { fault: 'never-listens', spec: { timeout: '2s' } },
  'answers-500': { fault: 'answers-500', spec: { timeout: '5s' } },
  'no-user': { user: '' },
  root: { user: 'USER root' },
  'ignores-sigterm': { fault: 'ignores-sigterm' },
  'ends-with-3': { fault: 'ends-with-3' },
  'writes-to-root': { fault: 'writes-to-root' },
  dynamic: { program: 'dynamic' },
  foreign: { program: 'foreign' },
  padded: { lines: ['COPY padding /padding'], spec: { 'size-limit': '50MiB' } },
  secret: { lines: ['COPY id_rsa /keys/id_rsa', 'RUN ["/registry", "-remove", "/keys/id_rsa"]'] },
  dotenv: { lines: ['COPY .env /app/.env'] },
  'world-writable': { lines: ['COPY open /open'] },
  exits: { fault: 'exits' },
  dies: { fault: 'dies' },
  forgets: { fault: 'forgets' },
  'logs-to-file': { fault: 'logs-to-file' },
  'fixed-port': { fault: 'fixed-port' },
  'fixed-data': { fault: 'fixed-data' },
  'data-of-root': { fault: 'writes-late', dataOwner: '0:0' },
  hungry: { fault: 'needs-much-memory', spec: { 'memory-limit': '40MiB' } },
  'failing-command': { spec: { commands: [['/registry', '-remove'], ['/nowhere']] } },
  'missing-file': { lines: ['COPY nowhere /nowhere'] },
  misspelt: { dockerfile: 'FROM scratch\n\n# a comment\nCOPPY registry /registry\n' },
  'missing-base': { dockerfile: 'FROM mesh-actions-test/no-such-base:1\nUSER 65532\n' },
  'no-space': { lines: ['RUN ["/registry", "-fill", "/dev/full"]'] },
  'missing-dockerfile': { spec: { file: 'nowhere.Dockerfile' } },
  'missing-image': { spec: { file: undefined, image: 'mesh-actions-test/no-such-image:1' } },
}

describeWith(['go', 'docker'])('an image', () => {
  let images: FaultyImages
  let result: StageResult<DockerData>

  beforeAll(async () => {
    images = await faultyImages(IMAGES, {
      padding: '',
      id_rsa: '-----BEGIN OPENSSH PRIVATE KEY-----\nnone\n',
      '.env': 'TOKEN=none\n',
      open: '',
    })
    truncateSync(join(images.directory, 'padding'), 60_000_000)
    chmodSync(join(images.directory, 'open'), 0o666)
    result = await images.smokeTest()
  }, SLOW)
  afterAll(async () => images?.[Symbol.asyncDispose](), SLOW)

  /** What is red of an image, and why. */
  const red = (name: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      result.checks
        .filter(({ id, verdict }) => verdict === 'fail' && id.split('/')[1] === name)
        .map(({ id, detail = '' }) => [id.replace(`/${name}`, ''), detail]),
    )

  test('that is as it should be is green in all, and is told with its figures', () => {
    const checks = result.checks.filter(({ id }) => id.split('/')[1] === 'healthy')
    expect(Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]))).toMatchObject({
      ...{ 'built/healthy': 'pass', 'size/healthy': 'pass', 'secrets/healthy': 'pass' },
      ...{ 'leftovers/healthy': 'pass', 'world-writable/healthy': 'pass', 'user/healthy': 'pass' },
      ...{ 'program/healthy': 'pass', 'ready/healthy': 'pass', 'settings/healthy': 'pass' },
      ...{ 'logs/healthy': 'pass', 'writes/healthy': 'pass' },
      ...{ 'stays/healthy': 'pass', 'stops/healthy': 'pass' },
      ...{ 'keeps/healthy': 'pass', 'commands/healthy//registry -help': 'pass' },
    })
    expect(checks.find(({ id }) => id === 'ready/healthy')?.detail).toMatch(/ of memory after 1\.0 s$/)
    expect(red('healthy')).toEqual({})
    const told = result.data.images.find(({ name }) => name === 'healthy')
    expect(told).toMatchObject({
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      layers: [
        { instruction: expect.stringContaining('/registry') },
        { instruction: expect.stringContaining('/data/') },
      ],
    })
    expect(told?.largest[0]).toMatchObject({ path: '/registry' })
    expect(told?.readyMs).toBeGreaterThan(0)
    // A small Go program holds between one and twenty megabytes.
    expect(told?.idleMemoryBytes).toBeGreaterThan(500_000)
    expect(told?.idleMemoryBytes).toBeLessThan(20_000_000)
    expect(told?.compressedBytes).toBeLessThan(told?.uncompressedBytes ?? 0)
  })

  test.each([
    ['binds its own loopback', 'loopback', /^it listens on 127\.0\.0\.1:8080 only, .*0\.0\.0\.0$/],
    ['listens on another port', 'other-port', /^it listens on port 9999, but its port is 8080$/],
    ['never listens', 'never-listens', /^it was not ready after 2\.0 s: its port answers nothing$/],
    ['answers 500', 'answers-500', /^it was not ready after 5\.0 s: GET \/health answers 500, not 200$/],
    ['exits at once', 'exits', /^it ended with exit code 1 \(.*no licence found\) before it was ready$/],
    [
      'writes to its root',
      'writes-to-root',
      /^it ended with exit code 1 \(.*\/registry\.pid: (read-only file system|permission denied)\) before/,
    ],
    ['needs more memory than it gets', 'hungry', /^it ended for want of memory/],
  ])('that %s is red at its start, with that cause', (_, name, detail) => {
    expect(red(name)).toMatchObject({ ready: expect.stringMatching(detail) })
    expect(Object.keys(red(name)).filter((id) => id !== 'settings')).toEqual(['ready'])
  })

  test.each([
    ['exposes another port', 'wrong-expose', 'exposed', /^it exposes 9090, .* 8080/],
    ['ignores SIGTERM', 'ignores-sigterm', 'stops', /^it had to be killed after 10 s$/],
    ['ends with an exit code of its own', 'ends-with-3', 'stops', /^exit code 3, not 0 or 143$/],
    ['is healthy and then dies', 'dies', 'stays', /^it ended with exit code 1 \(.*out of handles\)$/],
    ['forgets its data', 'forgets', 'keeps', /^it has forgotten mesh-actions-probe$/],
    ['logs to a file alone', 'logs-to-file', 'logs', /^docker logs shows nothing$/],
    [
      'keeps its data elsewhere than its environment says',
      'fixed-data',
      'settings',
      /^with MCP_MESH_DB_PATH=\/mesh-data\/registry\.db nothing is written there$/,
    ],
    [
      'cannot write to its volume',
      'data-of-root',
      'writes',
      /^with \/data: POST \/agents\/register answers 500: .*permission denied/,
    ],
    ['heeds no PORT', 'fixed-port', 'settings', /^with PORT=18080 it listens on port 8080, /],
    [
      'holds 60 MB of padding',
      'padded',
      'size',
      /^63\.\d MiB, .*the largest file is \/padding with 57\.2 MiB$/,
    ],
    [
      'holds a key in a lower layer',
      'secret',
      'secrets',
      /^\/keys\/id_rsa \(deleted later, but still in layer 3 of 4\)$/,
    ],
    ['holds a .env', 'dotenv', 'secrets', /^\/app\/\.env$/],
    ['lets everybody write to a file', 'world-writable', 'world-writable', /^\/open$/],
  ])('that %s is red in that alone', (_, name, check, detail) => {
    expect(red(name)).toEqual({ [check]: expect.stringMatching(detail) })
  })

  test.each([
    ['sets no user', 'no-user', 'user', /^it sets no USER$/],
    ['runs as root', 'root', 'user', /^USER root$/],
    [
      'starts a dynamic program on scratch',
      'dynamic',
      'program',
      /^\/registry is dynamic and needs \/lib.*\/ld-linux-.*, which is not in the image$/,
    ],
    [
      'starts a program of another architecture',
      'foreign',
      'program',
      /^\/registry is built for (arm64, the image is for amd64|amd64, the image is for arm64)$/,
    ],
  ])('that %s is red with that cause, beside what comes of it', (_, name, check, detail) => {
    expect(red(name)).toMatchObject({ [check]: expect.stringMatching(detail) })
    expect(Object.values(red(name)).join('\n')).not.toMatch(/docker port|--help/)
  })

  test('in which a command does not work is red with that command alone', () => {
    expect(checkOf(result, 'commands/failing-command//registry -remove').verdict).toBe('pass')
    expect(red('failing-command')).toEqual({
      'commands//nowhere': expect.stringMatching(/\/nowhere.*no such file or directory/),
    })
  })

  test.each([
    ['copies what is not there', 'missing-file', /nowhere/, 6],
    ['has a misspelt instruction', 'misspelt', /unknown instruction: COPPY/, 4],
    ['begins with a base that does not exist', 'missing-base', /./, 1],
    ['has no space left in an instruction', 'no-space', /no space left on device/, 6],
  ])('whose Dockerfile %s is red at its line', (_, name, detail, line) => {
    expect(red(name)).toEqual({ built: expect.stringMatching(detail) })
    expect(checkOf(result, `built/${name}`).location).toEqual({ file: `${name}.Dockerfile`, line })
  })

  test('without its Dockerfile, or one that is not there, is red with its name', () => {
    expect(red('missing-dockerfile')).toEqual({ built: 'there is no nowhere.Dockerfile' })
    expect(red('missing-image')).toEqual({
      built: expect.stringContaining('mesh-actions-test/no-such-image:1'),
    })
  })

  test('leaves no container, volume, network or image behind, however it fares', async () => {
    expect(await images.leftovers()).toEqual([])
    expect(readdirSync(images.temporary)).toEqual([])
  })
})
