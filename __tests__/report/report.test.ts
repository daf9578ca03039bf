import { describe, expect, test } from '@jest/globals'
import { ACTIONS } from '../../src/actions/index.ts'
import { JOB_NAMES, LATER_STAGES, stagesOf } from '../../src/report/pipeline.ts'
import { pipelineReport } from '../../src/report/report.ts'
import { STAGES, type Stage } from '../../src/result/stages.ts'
import { evidenceOf, greenRun, stageResult } from '../support/pipeline.ts'
import { COMMIT } from '../support/stage-context.ts'

const OTHER_COMMIT = 'f'.repeat(40)

/** The evidence of a green run with that of one stage replaced. */
const evidenceBut = (stage: Stage, ...results: ReturnType<typeof stageResult>[]) => [
  ...(greenRun().evidence ?? []).filter((one) => one.stage !== stage),
  ...results.map(evidenceOf),
]

test('every stage is of one job or sets jobs up, and those without an action are named', () => {
  const proving = JOB_NAMES.flatMap(stagesOf)
  expect([...proving, 'setup-mesh-toolchain'].sort()).toEqual([...STAGES].sort())
  expect(LATER_STAGES).toEqual(proving.filter((stage) => !(stage in ACTIONS)))
})

describe('a pipeline', () => {
  test('in which every job left green evidence is green, and stages to come are shown as skipped', () => {
    const report = pipelineReport(greenRun())
    expect(report.verdict).toBe('pass')
    expect(report.sentence).toBe('Everything that was asked is proven: 4 checks in 4 stages, 5.0 s.')
    expect(report.stages.find(({ stage }) => stage === 'validate-python-ref')?.local).toBe(
      'mesh-actions run setup-mesh-toolchain validate-python-ref',
    )
    expect(report.stages.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['validate-python-ref', 'pass'],
      ['cross-compile-go', 'pass'],
      ['go-python-integration', 'pass'],
      ['registry-parity', 'skipped'],
      ['docker-smoke', 'pass'],
      ['load-test', 'skipped'],
    ])
  })

  test('from which a stage was left out is green and says that it is partial', () => {
    const report = pipelineReport(
      greenRun({
        leftOut: ['docker-smoke'],
        evidence: evidenceBut('docker-smoke'),
        needs: { 'docker-build': { result: 'skipped' } },
      }),
    )
    expect(report.verdict).toBe('pass')
    expect(report.sentence).toMatch(/3 stages.* It is partial: docker-smoke was left out\.$/)
  })

  test('from which every stage was left out proves nothing', () => {
    const needs = Object.fromEntries(JOB_NAMES.map((job) => [job, { result: 'skipped' as const }]))
    const report = pipelineReport(greenRun({ leftOut: JOB_NAMES.flatMap(stagesOf), evidence: [], needs }))
    expect(report.verdict).toBe('fail')
    expect(report.sentence).toMatch(/^Nothing was proven: no stage ran\./)
  })

  test('whose later jobs did not run because of a red one names that one alone', () => {
    const report = pipelineReport(
      greenRun({
        evidence: [
          evidenceOf(stageResult('validate-python-ref')),
          evidenceOf(stageResult('cross-compile-go', 'fail')),
        ],
        needs: {
          'build-go-binaries': { result: 'failure' },
          'integration-testing': { result: 'skipped' },
          'docker-build': { result: 'skipped' },
        },
      }),
    )
    expect(report.verdict).toBe('fail')
    expect(report.sentence).toBe('cross-compile-go is red: it is so: as told.')
    expect(report.stages.find(({ stage }) => stage === 'docker-smoke')).toMatchObject({
      verdict: 'skipped',
      cause: 'not run: build-go-binaries did not end well',
    })
  })
})

describe('a stage is red', () => {
  const found = (changes: Parameters<typeof greenRun>[0], stage: Stage = 'cross-compile-go') => {
    const report = pipelineReport(greenRun(changes))
    expect(report.verdict).toBe('fail')
    return report.stages.find((one) => one.stage === stage)
  }

  test.each<[string, Parameters<typeof greenRun>[0], RegExp]>([
    [
      'that left no result, though its job ended well',
      { evidence: evidenceBut('cross-compile-go') },
      /^build-go-binaries ended well, but left no result of cross-compile-go$/,
    ],
    [
      'whose job failed before it had a result',
      {
        evidence: evidenceBut('cross-compile-go'),
        needs: { 'build-go-binaries': { result: 'failure' } },
      },
      /^build-go-binaries failed before it had a result: its log says why$/,
    ],
    [
      'whose toolchain could not be had, with that cause',
      {
        evidence: evidenceBut('cross-compile-go'),
        needs: { 'build-go-binaries': { result: 'failure' } },
        setups: new Map([['build-go-binaries', { why: 'Go is there: no way to 1.99', attempt: 1 }]]),
      },
      /before it had a result: Go is there: no way to 1\.99$/,
    ],
    [
      'whose toolchain could not be had when it was run again, with that cause',
      {
        needs: { 'build-go-binaries': { result: 'failure', attempt: 2 } },
        setups: new Map([['build-go-binaries', { why: 'Go is there: no way to 1.99', attempt: 2 }]]),
      },
      /before it had a result: Go is there: no way to 1\.99$/,
    ],
    [
      'whose job failed with a cause of its own, not with that of an earlier attempt',
      {
        evidence: evidenceBut('cross-compile-go'),
        needs: {
          'build-go-binaries': { result: 'failure', attempt: 2, cause: 'mesh.yml:3:1: unknown key' },
        },
        setups: new Map([['build-go-binaries', { why: 'Go is there: no way to 1.99', attempt: 1 }]]),
      },
      /before it had a result: mesh\.yml:3:1: unknown key$/,
    ],
    [
      'whose job failed, though what could not be proven was to be let pass',
      {
        evidence: evidenceBut('cross-compile-go', stageResult('cross-compile-go', 'inconclusive')),
        needs: { 'build-go-binaries': { result: 'failure', cause: 'no space left' } },
        forgivesInconclusive: true,
      },
      /ended as failure, though none of its checks is red: no space left$/,
    ],
    [
      'whose job was cancelled',
      { needs: { 'build-go-binaries': { result: 'cancelled' } } },
      /was cancelled, or ran out of its time$/,
    ],
    [
      'whose job never ran for no reason',
      { needs: { 'build-go-binaries': { result: 'skipped' } }, evidence: evidenceBut('cross-compile-go') },
      /^build-go-binaries never ran, though nothing before it was red$/,
    ],
    [
      'whose job failed after its checks passed',
      { needs: { 'build-go-binaries': { result: 'failure' } } },
      /ended as failure, though none of its checks is red/,
    ],
    [
      'of which a part left no result',
      {
        evidence: evidenceBut(
          'cross-compile-go',
          ...['1/4', '2/4', '4/4'].map((shard) => stageResult('cross-compile-go', 'pass', { shard })),
        ),
      },
      /^part 3\/4 is missing$/,
    ],
    [
      'whose parts are of different wholes',
      {
        evidence: evidenceBut(
          'cross-compile-go',
          ...['1/2', '2/3'].map((shard) => stageResult('cross-compile-go', 'pass', { shard })),
        ),
      },
      /^its parts are of different wholes: 1\/2, 2\/3$/,
    ],
    [
      'of which a part is there twice',
      {
        evidence: evidenceBut(
          'cross-compile-go',
          ...['1/2', '1/2'].map((shard) => stageResult('cross-compile-go', 'pass', { shard })),
        ),
      },
      /^part 1\/2 is there twice$/,
    ],
    [
      'whose result is of another commit',
      {
        evidence: evidenceBut(
          'cross-compile-go',
          stageResult('cross-compile-go', 'pass', { commit: OTHER_COMMIT }),
        ),
      },
      new RegExp(`^its result is of commit ${OTHER_COMMIT}, not of ${COMMIT}$`),
    ],
    [
      'whose job ran again and left only the result of the first time',
      { needs: { 'build-go-binaries': { attempt: 2 } }, attempt: 2 },
      /^its result is of attempt 1, but the job ran again in attempt 2$/,
    ],
    [
      'whose result cannot be read',
      {
        evidence: [
          ...evidenceBut('cross-compile-go'),
          { stage: 'cross-compile-go', result: undefined, fault: 'x.json: it is no JSON', logs: [] },
        ],
      },
      /cannot be believed: x\.json: it is no JSON$/,
    ],
  ])('%s', (_, changes, why) => {
    expect(found(changes)).toMatchObject({ verdict: 'fail', cause: expect.stringMatching(why) })
  })

  test('of one part, and the cause is that of the part', () => {
    const evidence = evidenceBut(
      'cross-compile-go',
      stageResult('cross-compile-go', 'fail', { shard: '2/2' }),
      stageResult('cross-compile-go', 'pass', { shard: '1/2' }),
    )
    const stage = found({ evidence, needs: { 'build-go-binaries': { result: 'failure' } } })
    expect(stage?.cause).toBe('it is so: as told')
    expect(stage?.results.map(({ shard }) => shard)).toEqual(['1/2', '2/2'])
  })
})

test('what was proven with a toolchain that is in doubt could not be proven', () => {
  const setups = new Map([
    ['build-go-binaries' as const, { why: 'Go is there: nobody can be asked', attempt: 1 }],
  ])
  const report = pipelineReport(greenRun({ setups, forgivesInconclusive: true }))
  expect(report.sentence).toBe('cross-compile-go could not be proven: Go is there: nobody can be asked.')
  const again = greenRun({ setups, needs: { 'build-go-binaries': { attempt: 2 } } })
  const evidence = evidenceBut('cross-compile-go', stageResult('cross-compile-go', 'pass', { attempt: 2 }))
  expect(pipelineReport({ ...again, evidence }).verdict).toBe('pass')
})

test('a stage that was left out is not blamed for a job that failed', () => {
  const report = pipelineReport(
    greenRun({
      leftOut: ['registry-parity'],
      needs: { 'integration-testing': { result: 'failure' } },
    }),
  )
  const blamed = report.stages.filter(({ verdict }) => verdict === 'fail').map(({ stage }) => stage)
  expect(blamed).toEqual(['go-python-integration'])
})

describe('a job that was not run again', () => {
  test('keeps the result of its own attempt, and it counts', () => {
    expect(pipelineReport(greenRun({ attempt: 2 })).verdict).toBe('pass')
  })

  test('of several parts counts when the newest of them is of that attempt', () => {
    const evidence = evidenceBut(
      'cross-compile-go',
      stageResult('cross-compile-go', 'pass', { shard: '1/2' }),
      stageResult('cross-compile-go', 'pass', { shard: '2/2', attempt: 2 }),
    )
    const report = pipelineReport(
      greenRun({ evidence, attempt: 2, needs: { 'build-go-binaries': { attempt: 2 } } }),
    )
    expect(report.verdict).toBe('pass')
  })
})

describe('in a terminal', () => {
  const alone = (...results: ReturnType<typeof stageResult>[]) =>
    pipelineReport({ ...greenRun({ evidence: results.map(evidenceOf) }), needs: undefined })

  test('a report is about the stages that were run, in the order of a pipeline', () => {
    const report = alone(stageResult('docker-smoke'), stageResult('setup-mesh-toolchain'))
    expect(report.stages.map(({ stage }) => stage)).toEqual(['setup-mesh-toolchain', 'docker-smoke'])
    expect(report).toMatchObject({ verdict: 'pass', jobs: [] })
  })

  test('a result of another commit proves nothing of this one', () => {
    expect(alone(stageResult('docker-smoke', 'pass', { commit: OTHER_COMMIT })).verdict).toBe('inconclusive')
  })

  test('some parts prove nothing of the whole', () => {
    const report = alone(stageResult('cross-compile-go', 'pass', { shard: '1/4' }))
    expect(report.sentence).toBe('cross-compile-go could not be proven: parts 2/4, 3/4, 4/4 are missing.')
  })

  test('a stage that was refused is there with its cause, and not with what an earlier run left of it', () => {
    const results = [stageResult('docker-smoke'), stageResult('cross-compile-go')]
    const report = pipelineReport({
      ...greenRun({
        evidence: results.map(evidenceOf),
        refused: new Map([['docker-smoke', 'no image "a"']]),
      }),
      needs: undefined,
    })
    expect(report.stages).toMatchObject([
      { stage: 'cross-compile-go', verdict: 'pass' },
      {
        stage: 'docker-smoke',
        verdict: 'inconclusive',
        cause: 'it ended before it had a result: no image "a"',
        results: [],
      },
    ])
    expect(report.sentence).toBe(
      'docker-smoke could not be proven: it ended before it had a result: no image "a".',
    )
  })

  test('without any result nothing is proven', () => {
    expect(alone().verdict).toBe('inconclusive')
  })
})

test('figures are those that stages measured, with what they were before', () => {
  const evidence = evidenceBut(
    'docker-smoke',
    stageResult('docker-smoke', 'pass', {
      data: { images: [{ name: 'registry', uncompressedBytes: 10_000_000 }] },
    }),
  )
  const report = pipelineReport(greenRun({ evidence, before: new Map([['image-size/registry', 9_000_000]]) }))
  expect(report.figures).toEqual([
    {
      id: 'image-size/registry',
      title: 'image registry',
      measured: { value: 10_000_000, unit: 'bytes' },
      before: 9_000_000,
    },
  ])
})
