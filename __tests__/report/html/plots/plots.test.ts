import { describe, expect, test } from '@jest/globals'
import { textOf } from '../../../../src/report/html/markup.ts'
import { binarySizes } from '../../../../src/report/html/plots/binary-sizes.ts'
import { imageSizes } from '../../../../src/report/html/plots/image-sizes.ts'
import type { PageWidth, Plot } from '../../../../src/report/html/plots/plot.ts'
import { stageTimes } from '../../../../src/report/html/plots/stage-times.ts'
import { drawn } from '../../../../src/report/html/plots/svg.ts'
import type { PipelineReport } from '../../../../src/report/model.ts'
import { GREEN, HOSTILE, RED, resultOf, stageReport } from '../../../support/reports.ts'

const NOTHING: PipelineReport = { ...GREEN, stages: [] }

/** Every mark of a drawing: what it stands for and how far it goes to the right, in pixels. */
async function marks(plot: Plot | undefined, page: PageWidth = 'wide') {
  if (!plot) throw new Error('there is no plot')
  const svg = textOf(await drawn(plot, page))
  return [...svg.matchAll(/<path d="M[-\d.]+ [-\d.]+l([-\d.]+) [^>]*data-numbers="([^"]*)"/g)].map(
    ([, width, numbers]) => ({ width: Number(width), numbers }),
  )
}

describe('the binaries', () => {
  test('are drawn to one scale from zero, each with its size', async () => {
    const bars = (await marks(binarySizes(GREEN))).filter(({ numbers }) => !numbers?.startsWith('limit'))
    expect(bars).toHaveLength(10)
    expect(bars[0]).toMatchObject({ numbers: 'cli linux/amd64: 9.3 MiB' })
    expect(bars[5]).toMatchObject({ numbers: 'registry linux/amd64: 17.8 MiB' })
    expect((bars[0]?.width ?? 0) / (bars[5]?.width ?? 1)).toBeCloseTo(9.3 / 17.8, 2)
  })

  test('have their numbers as a table, with the change against the last build', () => {
    const table = binarySizes(GREEN)?.table
    expect(table?.head).toEqual(['command', 'platform', 'size', 'limit', 'change'])
    expect(table?.rows[0]).toEqual(['cli', 'linux/amd64', '9.3 MiB', '40.0 MiB', '+204.8 KiB (+2.2 %)'])
  })

  test('one over its limit says so in words', async () => {
    const plot = binarySizes(RED)
    if (!plot) throw new Error('there is no plot')
    expect(textOf(await drawn(plot, 'narrow'))).toContain('>43.4 MiB, over</text>')
    expect(await marks(plot)).toContainEqual(expect.objectContaining({ numbers: 'limit 40.0 MiB' }))
  })

  test('that several parts built are there once', () => {
    const [part] = GREEN.stages.find(({ stage }) => stage === 'cross-compile-go')?.results ?? []
    const twice = part ? [part, { ...part, shard: '2/2' }] : []
    const plot = binarySizes({ ...GREEN, stages: [stageReport('cross-compile-go', twice)] })
    expect(plot?.table.rows).toHaveLength(6)
  })
})

test('an image is drawn by its layers, which add up to it', async () => {
  const layers = (await marks(imageSizes(GREEN))).filter(({ numbers }) =>
    numbers?.startsWith('registry, layer'),
  )
  expect(layers.map(({ numbers }) => numbers)).toEqual([
    'registry, layer 1 of 3: 224.6 KiB, COPY /etc/ssl/certs /etc/ssl/certs',
    'registry, layer 2 of 3: 2.3 MiB, RUN adduser -D mesh',
    'registry, layer 3 of 3: 18.5 MiB, COPY bin/mcp-mesh-registry /usr/local/bin/registry',
  ])
})

test('the time of every part of a stage is drawn', async () => {
  expect((await marks(stageTimes(GREEN))).map(({ numbers }) => numbers)).toEqual([
    'validate-python-ref: 21.4 s',
    'cross-compile-go 1/2: 41.2 s',
    'cross-compile-go 2/2: 40.2 s',
    'go-python-integration: 31.9 s',
    'docker-smoke: 12.7 s',
  ])
})

test('a mark of nothing still has its number', async () => {
  const stage = resultOf('docker-smoke', [], { durationMs: 0 })
  const plot = stageTimes({ ...GREEN, stages: [stageReport('docker-smoke', [stage])] })
  expect(plot?.table.rows).toEqual([['docker-smoke', '0 ms']])
  await marks(plot)
})

test('where nothing was measured, or in a form of another version, there is no plot', () => {
  expect([binarySizes, imageSizes, stageTimes].map((plotOf) => plotOf(NOTHING))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  for (const data of [null, 7, {}, { binaries: [{}], images: 'none' }, { binaries: [], images: [] }]) {
    const stages = (['cross-compile-go', 'docker-smoke'] as const).map((stage) =>
      stageReport(stage, [resultOf(stage, [], { data })]),
    )
    expect([binarySizes({ ...GREEN, stages }), imageSizes({ ...GREEN, stages })]).toEqual([
      undefined,
      undefined,
    ])
  }
})

test('names of the project break out of no drawing, and no drawing brings a style', async () => {
  const data = {
    images: [
      {
        name: HOSTILE,
        uncompressedBytes: 5,
        compressedBytes: 3,
        layers: [{ instruction: `${HOSTILE}ecmeta_series_index="0"`, uncompressedBytes: 5 }],
      },
    ],
  }
  const plot = imageSizes({
    ...GREEN,
    stages: [stageReport('docker-smoke', [resultOf('docker-smoke', [], { data })])],
  })
  for (const page of ['wide', 'narrow'] as const) {
    const svg = plot ? textOf(await drawn(plot, page)) : ''
    expect(
      [...svg.matchAll(/<([a-z/]+)/g)]
        .map(([, name]) => name)
        .filter((name) => !/^\/?(svg|path|text|g)$/.test(name ?? '')),
    ).toEqual([])
    expect(svg).not.toMatch(/ style=|window\.owned=1"|<script/)
    expect(svg).toContain('data-numbers="&lt;/script&gt;')
  }
})
