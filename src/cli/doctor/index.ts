import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACTIONS } from '../../actions/index.ts'
import { exitCode } from '../../platform/exit-codes.ts'
import { interruption } from '../../platform/interruption.ts'
import { makeTemporary } from '../../platform/temporary-folder.ts'
import { userCache } from '../../platform/user-cache.ts'
import { loadProject } from '../../project/load.ts'
import { STAGES, type Stage } from '../../result/stages.ts'
import { type Tool, type ToolName, toolsOf } from './machine.ts'

/** What each stage cannot do without. */
const NEEDS: Readonly<Record<Stage, readonly ToolName[]>> = {
  'setup-mesh-toolchain': ['node', 'go', 'python'],
  'validate-python-ref': ['node', 'git', 'python'],
  'cross-compile-go': ['node', 'go'],
  'go-python-integration': ['node', 'go', 'python'],
  'registry-parity': ['node', 'go', 'python'],
  'docker-smoke': ['node', 'git', 'docker'],
  'load-test': ['node', 'go', 'python'],
}

interface StageHere {
  readonly stage: Stage
  readonly ready: boolean
  /** What it lacks. */
  readonly missing: readonly ToolName[]
}

/**
 * Says what this machine has for each stage of a project; the exit code: 0 when every stage can run, 3 when one
 * cannot. Throws a ConfigurationError for a mesh.yml that is not valid.
 */
export async function examine(directory: string, json: boolean): Promise<number> {
  const project = loadProject({ directory })
  const temporary = join(tmpdir(), `mesh-doctor-${randomUUID().slice(0, 8)}`)
  await makeTemporary(temporary)
  try {
    const tools = await toolsOf(project, {
      log: { info: () => undefined, warn: () => undefined, task: (_, work) => work(() => undefined) },
      signal: interruption(),
      environment: process.env,
      toolCache: process.env.RUNNER_TOOL_CACHE,
      userCache: userCache(process.env),
      temporary,
    })
    const stages = STAGES.filter((stage) => stage in ACTIONS).map((stage) => stageHere(stage, tools))
    const text = json ? JSON.stringify({ tools, stages }, null, 2) : report(tools, stages)
    process.stdout.write(`${text}\n`)
    return exitCode(stages.every(({ ready }) => ready) ? 'pass' : 'inconclusive')
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

function stageHere(stage: Stage, tools: readonly Tool[]): StageHere {
  const missing = NEEDS[stage].filter((name) =>
    tools.some((one) => one.name === name && one.state === 'missing'),
  )
  return { stage, ready: missing.length === 0, missing }
}

function report(tools: readonly Tool[], stages: readonly StageHere[]): string {
  return [
    ...tools.map((tool) => `${tool.name.padEnd(8)}${stateOf(tool)}`),
    '',
    ...stages.map(
      ({ stage, ready, missing }) =>
        `${stage.padEnd(24)}${ready ? 'can run' : `cannot run: ${missing.join(' and ')} missing`}`,
    ),
  ].join('\n')
}

function stateOf({ state, version, lacking, fix }: Tool): string {
  switch (state) {
    case 'here':
      return version ?? ''
    case 'fetched':
      return `${lacking}: setup-mesh-toolchain fetches it`
    case 'missing':
      return `${lacking}; ${fix}`
    default:
      return state satisfies never
  }
}
