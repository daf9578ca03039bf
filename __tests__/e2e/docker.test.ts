import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { CHECKOUT } from '../../scripts/generate/checkout.ts'
import type { StageResult } from '../../src/result/stage-result.ts'
import type { DockerData } from '../../src/stages/docker-smoke/index.ts'
import { act, actHome, actLines, jobResults } from '../support/act.ts'
import { testImages } from '../support/docker.ts'
import { describeWith } from '../support/needs.ts'
import { commitAll, copySample, plant } from '../support/sample.ts'
import { sampleImages } from '../support/sample-images.ts'
import { meshActions } from '../support/suite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SLOW = 10 * 60_000
const PLATFORM = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`

/** One job builds; one tries both images, and one an image that holds what it should not. */
const WORKFLOW = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/cross-compile@v1
        with:
          platforms: ${PLATFORM}
          cache: off
  docker:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - id: docker
        uses: org/mesh-actions/actions/docker-smoke@v1
      - env:
          IMAGES: \${{ join(fromJSON(steps.docker.outputs.images).*.name, ' and ') }}
        run: echo "images $IMAGES"
  red:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - uses: org/mesh-actions/actions/download-binaries@v1
      - uses: org/mesh-actions/actions/docker-smoke@v1
        with:
          name: red
          config: red.yml
`

const RED = 'docker: { images: { leaky: { file: leaky.Dockerfile } } }\n'
const LEAKY = `FROM scratch
COPY bin/mcp-mesh-registry-linux-* /registry
COPY docker/data/ /keys/.git/
USER 65532
ENTRYPOINT ["/registry"]
`

const folder = await temporaryFolder()
const images = testImages()
afterAll(async () => {
  await images[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
}, SLOW)

describeWith(['go', 'docker', 'python3 of version 3.11 or later'])('docker-smoke on the sample', () => {
  const pristine = join(folder.path, 'pristine')

  beforeAll(async () => {
    const specs = await sampleImages(images)
    copySample(pristine)
    // JSON is YAML.
    appendFileSync(join(pristine, 'mesh.yml'), `docker: ${JSON.stringify({ images: specs })}\n`)
    plant(pristine, 'red.yml', RED)
    plant(pristine, 'leaky.Dockerfile', LEAKY)
    plant(pristine, '.github/workflows/ci.yml', WORKFLOW)
    commitAll(pristine)
  }, SLOW)

  const freshCopy = (name: string): string => {
    const copy = join(folder.path, name)
    execFileSync('cp', ['-a', pristine, copy])
    return copy
  }

  test(
    'is green in a terminal for both images, and tells what they weigh',
    async () => {
      const project = freshCopy('terminal')
      const { code, stdout, stderr } = await meshActions(
        [
          ...['run', 'cross-compile-go', 'docker-smoke', '--json'],
          ...['--project', project, '--platforms', PLATFORM],
        ],
        { cwd: project },
      )
      expect({ code, stderr }).toMatchObject({ code: 0 })
      const result = JSON.parse(stdout).at(-1) as StageResult<DockerData>
      expect(result).toMatchObject({ stage: 'docker-smoke', verdict: 'pass' })
      expect(result.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
      expect(result.data.images.map(({ name }) => name)).toEqual(['registry', 'cli'])
      expect(result.data.images[0]?.uncompressedBytes).toBeLessThan(20_000_000)
      const status = execFileSync('git', ['status', '--porcelain'], { cwd: project, encoding: 'utf8' })
      expect(status).toBe('')
    },
    SLOW,
  )

  test(
    'runs under act on the binaries of an earlier job, and is red with the cause for an image that leaks',
    async () => {
      const home = actHome(folder.path)
      const ended = await act(home, freshCopy('act'), { workflow: '.github/workflows/ci.yml' })
      const said = actLines(ended)
        .map((line) => line.msg.trimEnd())
        .join('\n')
      expect({ ...jobResults(ended), said }).toMatchObject({
        build: 'success',
        docker: 'success',
        red: 'failure',
      })
      expect(said).toContain('images registry and cli')
      expect(said).toMatch(/leaky gives nothing away.*\/keys\/\.git/)
    },
    SLOW,
  )
})
