import type { LogText, PipelineReport, StageReport } from '../../src/report/model.ts'
import { JOB_NAMES, stagesOf } from '../../src/report/pipeline.ts'
import type { Check, StageResult } from '../../src/result/stage-result.ts'
import type { Stage } from '../../src/result/stages.ts'
import { overall } from '../../src/result/verdict.ts'
import { COMMIT } from './stage-context.ts'

const MIB = 1024 ** 2
const PLATFORMS = ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'] as const

/** What a project can call its things to break out of whatever they are shown in. */
export const HOSTILE = `</script><script>window.owned=1</script><img src=x onerror="window.owned=1">'"\`&amp;]]>\u0000\u001b[31m\u202e{b}`

export function resultOf(
  stage: Stage,
  checks: readonly Check[],
  more: Partial<Pick<StageResult, 'shard' | 'data' | 'tools' | 'durationMs'>> & {
    readonly startMs?: number
  } = {},
): StageResult {
  const { startMs = 0, ...given } = more
  return {
    schema: 1,
    stage,
    attempt: 1,
    commit: COMMIT,
    verdict: overall(checks.map((check) => check.verdict)),
    startedAt: new Date(Date.UTC(2026, 8, 1, 9) + startMs).toISOString(),
    durationMs: 1000,
    checks,
    tools: {},
    data: null,
    ...given,
  }
}

export function stageReport(
  stage: Stage,
  results: readonly StageResult[],
  more: Partial<Pick<StageReport, 'verdict' | 'cause' | 'logs'>> = {},
): StageReport {
  return {
    stage,
    job: JOB_NAMES.find((job) => stagesOf(job).includes(stage)),
    verdict: overall(results.map((result) => result.verdict)),
    cause: undefined,
    results,
    logs: [],
    local: `mesh-actions run ${stage}`,
    ...more,
  }
}

export function logText(name: string, text: string, cutLines = 0): LogText {
  return { name, text, cutLines }
}

const REFERENCE = resultOf(
  'validate-python-ref',
  [
    {
      id: 'preserved/packages',
      title: 'packages is preserved',
      verdict: 'pass',
      detail: '214 files are as the baseline has them',
    },
    {
      id: 'base',
      title: 'the change does not make the guard smaller',
      verdict: 'pass',
      detail: 'held to the base',
    },
    { id: 'imports/packages/mcp_mesh', title: 'packages/mcp_mesh can be imported', verdict: 'pass' },
    {
      id: 'tests/packages/mcp_mesh_runtime',
      title: 'The tests of packages/mcp_mesh_runtime pass',
      verdict: 'pass',
      detail: '187 ran and passed, 3 skipped',
      measured: { value: 187, unit: 'count' },
      limit: { kind: 'at-least', value: 187, unit: 'count' },
    },
    { id: 'exceptions/1', title: 'exception 1 is still needed', verdict: 'skipped', detail: 'there is none' },
  ],
  { durationMs: 21_400, tools: { python: '3.11.9', pytest: '8.4.2' } },
)

/** Binaries of the two commands as one part builds them; the registry for windows is over the limit on request. */
function built(shard: string, platforms: readonly string[], isOver = false): StageResult {
  const binaries = ['registry', 'cli'].flatMap((command) =>
    platforms.map((platform, index) => ({
      command,
      platform,
      path: `mcp-mesh-${command}-${platform.replace('/', '-')}`,
      sizeBytes: Math.round(
        (command === 'cli' ? 9.3 : 17.8) * MIB +
          index * 321_987 +
          (isOver && command === 'registry' ? 25 * MIB : 0),
      ),
      previousSizeBytes: Math.round((command === 'cli' ? 9.1 : 17.8) * MIB),
    })),
  )
  const checks = binaries.flatMap(({ command, platform, sizeBytes }): Check[] => {
    const of = `${command}/${platform.replace('/', '-')}`
    return [
      { id: `built/${of}`, title: `${command} builds for ${platform}`, verdict: 'pass' },
      {
        id: `identity/${of}`,
        title: `${command} for ${platform} is what it says`,
        verdict: 'pass',
        detail: 'ELF, static',
      },
      {
        id: `size/${of}`,
        title: `${command} for ${platform} is small`,
        verdict: sizeBytes > 40 * MIB ? 'fail' : 'pass',
        measured: { value: sizeBytes, unit: 'bytes' },
        limit: { kind: 'at-most', value: 40 * MIB, unit: 'bytes' },
      },
    ]
  })
  return resultOf('cross-compile-go', checks, {
    shard,
    durationMs: 38_200 + platforms.length * 1000,
    startMs: 22_000,
    tools: { go: 'go1.25.3' },
    data: { folder: 'bin', binaries },
  })
}

const INTEGRATION = resultOf(
  'go-python-integration',
  ['standalone', 'embedded'].flatMap((deployment): Check[] => [
    {
      id: `ready/${deployment}`,
      title: `the ${deployment} registry starts and is ready`,
      verdict: 'pass',
      measured: { value: 84, unit: 'ms' },
    },
    {
      id: `registers/${deployment}/hello-world`,
      title: `hello-world registers with the ${deployment} registry`,
      verdict: 'pass',
      detail: 'as hello-world-demo, after 412 ms',
    },
    { id: `stops/${deployment}`, title: `the ${deployment} registry ends on SIGTERM`, verdict: 'pass' },
  ]),
  { durationMs: 31_900, startMs: 66_000 },
)

function images(registryBytes: number): StageResult {
  const image = (name: string, bytes: number) => ({
    name,
    uncompressedBytes: bytes,
    compressedBytes: Math.round(bytes / 2.6),
    layers: [
      {
        instruction: 'COPY /etc/ssl/certs /etc/ssl/certs',
        uncompressedBytes: 230_000,
        compressedBytes: 110_000,
      },
      { instruction: 'RUN adduser -D mesh', uncompressedBytes: 2_400_000, compressedBytes: 900_000 },
      {
        instruction: `COPY bin/mcp-mesh-${name} /usr/local/bin/${name}`,
        uncompressedBytes: bytes - 2_630_000,
        compressedBytes: Math.round((bytes - 2_630_000) / 2.6),
      },
    ],
  })
  const over = registryBytes > 50 * MIB
  return resultOf(
    'docker-smoke',
    [
      { id: 'built/registry', title: 'the image registry is built', verdict: 'pass' },
      {
        id: 'size/registry',
        title: 'the image registry is small',
        verdict: over ? 'fail' : 'pass',
        detail: over ? 'the largest file is /usr/local/bin/registry' : 'small enough',
        measured: { value: registryBytes, unit: 'bytes' },
        limit: { kind: 'at-most', value: 50 * MIB, unit: 'bytes' },
      },
      { id: 'built/cli', title: 'the image cli is built', verdict: 'pass' },
      {
        id: 'user/registry',
        title: 'registry does not run as root',
        verdict: 'pass',
        detail: 'it runs as 65532',
      },
    ],
    {
      durationMs: 12_700,
      startMs: 99_000,
      tools: { docker: '28.1.1' },
      data: { images: [image('registry', registryBytes), image('cli', 12 * MIB)], saved: [] },
    },
  )
}

const GREEN_LOG = '\u001b[1mbuild\u001b[0m registry for linux/amd64\n\u001b[32mok\u001b[0m  in 12.1 s\n'

/** Every stage passed, the build in two parts. */
export const GREEN: PipelineReport = {
  schema: 1,
  project: 'org/mesh-sample',
  commit: COMMIT,
  attempt: 1,
  verdict: 'pass',
  leftOut: [],
  sentence: 'All 4 stages passed: 48 checks in 1 min 52 s.',
  jobs: [
    { name: 'validate-python-reference', result: 'success' },
    { name: 'build-go-binaries', result: 'success' },
    { name: 'integration-testing', result: 'success' },
    { name: 'docker-build', result: 'success' },
    { name: 'load-testing', result: 'skipped' },
  ],
  stages: [
    stageReport('validate-python-ref', [REFERENCE]),
    stageReport('cross-compile-go', [built('1/2', PLATFORMS.slice(0, 3)), built('2/2', PLATFORMS.slice(3))], {
      logs: [logText('cross-compile-go.log', GREEN_LOG)],
    }),
    stageReport('go-python-integration', [INTEGRATION]),
    stageReport('docker-smoke', [images(21 * MIB)]),
  ],
  figures: [
    {
      id: 'binary-size/mcp-mesh-registry-linux-amd64',
      title: 'mcp-mesh-registry-linux-amd64',
      measured: { value: 17.8 * MIB, unit: 'bytes' },
      before: 18.1 * MIB,
    },
    {
      id: 'image-size/registry',
      title: 'image registry',
      measured: { value: 21 * MIB, unit: 'bytes' },
      before: 20.4 * MIB,
    },
    {
      id: 'image-size/cli',
      title: 'image cli',
      measured: { value: 12 * MIB, unit: 'bytes' },
      before: undefined,
    },
  ],
}

/** One stage left out on request, another never asked. */
export const PARTIAL: PipelineReport = {
  ...GREEN,
  leftOut: ['docker-smoke'],
  sentence:
    'All 3 stages that ran passed; docker-smoke was left out, so this is only a part of the pipeline.',
  jobs: [],
  stages: GREEN.stages.map((report) =>
    report.stage === 'docker-smoke'
      ? stageReport(report.stage, [], { verdict: 'skipped', cause: 'left out on request' })
      : report,
  ),
  figures: [],
}

/** A red build of a project whose names, output and numbers are out to break the page. */
export const RED: PipelineReport = {
  ...GREEN,
  project: `org/${HOSTILE}`,
  attempt: 2,
  verdict: 'fail',
  sentence:
    'Failed in cross-compile-go and docker-smoke; 1 of 2 parts of go-python-integration left no evidence.',
  jobs: GREEN.jobs.map((job) => (job.name === 'build-go-binaries' ? { ...job, result: 'failure' } : job)),
  stages: [
    stageReport('validate-python-ref', [REFERENCE]),
    stageReport(
      'cross-compile-go',
      [
        built('1/2', PLATFORMS.slice(0, 3), true),
        resultOf(
          'cross-compile-go',
          [
            {
              id: `built/${HOSTILE}`,
              title: `${HOSTILE} builds for windows/amd64`,
              verdict: 'fail',
              detail: `undefined: ${HOSTILE}\n${'a-very-long-word-without-any-place-to-break-it'.repeat(8)}`,
              fix: `define ${HOSTILE}`,
              location: { file: `cmd/${HOSTILE}/main.go`, line: 12, column: 4 },
            },
            {
              id: 'starts/registry',
              title: 'registry starts',
              verdict: 'inconclusive',
              detail: 'it was not built',
            },
            { id: 'cgo/linux-amd64', title: 'nothing for linux/amd64 lost its cgo files', verdict: 'pass' },
          ],
          {
            shard: '2/2',
            durationMs: 9100,
            startMs: 22_400,
            tools: { [HOSTILE]: HOSTILE },
            data: { binaries: [{ command: HOSTILE, platform: 'linux/amd64', sizeBytes: 9 * MIB }] },
          },
        ),
      ],
      {
        cause: `cmd/main.go:12: undefined: ${HOSTILE} (and 3 more)`,
        logs: [
          logText(HOSTILE, `${HOSTILE}\r\n\u001b[31mred\u001b[0m\u0007\rover\n${'x'.repeat(5000)}\n`, 1234),
          logText('build.log', `${GREEN_LOG.repeat(40)}`),
        ],
      },
    ),
    stageReport('go-python-integration', [INTEGRATION], {
      verdict: 'inconclusive',
      cause: '1 of 2 parts left no evidence of this attempt',
    }),
    stageReport('docker-smoke', [images(61 * MIB)], {
      cause: 'the image registry is small: the largest file is /usr/local/bin/registry',
    }),
    stageReport('load-test', [], { verdict: 'skipped', cause: 'not asked: cross-compile-go is red' }),
  ],
}
