import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeploymentName } from '../../mesh/deployment.ts'
import { type Fault, faultsOf } from '../../mesh/fault.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { allEnded } from '../../process/all-ended.ts'
import { neutralise } from '../../process/neutralise.ts'
import { surroundings } from '../../process/services/surroundings.ts'
import type { Project } from '../../project/load.ts'
import { judge } from '../../result/judge.ts'
import type { Check, StageResult } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { withControl } from './control.ts'
import { type GoTest, goTests, slowest } from './go-tests.ts'
import { type CheckedDeployment, checkDeployment, type DeploymentOptions } from './one-deployment.ts'
import { answersCheck, embeddedCheck } from './same-code.ts'
import { runScripts } from './scripts.ts'

/** The parts of the stage, in the order in which they run. */
export const PARTS = ['deployments', 'go-tests', 'scripts'] as const

type Part = (typeof PARTS)[number]

/** The deployments of the Go registry; the third one is the reference. */
export const GO_DEPLOYMENTS = ['standalone', 'embedded'] as const satisfies readonly DeploymentName[]

export interface IntegrationOptions {
  /** The verified programs of this machine's platform, absolute. */
  readonly programs: Mesh['programs']
  /** That platform, as GOOS/GOARCH. */
  readonly platform: string
  readonly deployments: readonly (typeof GO_DEPLOYMENTS)[number][]
  readonly only: readonly Part[]
  /** How long an agent may take for each thing that is asked of it. */
  readonly timeoutMs: number
  /** Folder for the logs of the services; it is made. */
  readonly logs: string
}

export interface IntegrationData {
  /** The names that the agents registered under. */
  readonly agents: readonly string[]
  /** Time to ready in milliseconds, of each deployment that got there. */
  readonly readyMs: Readonly<Record<string, number>>
  /** The merged log of all services, absolute. */
  readonly log: string
  /** What the services at fault said last. */
  readonly faults: readonly Fault[]
  readonly slowestGoTests: readonly GoTest[]
}

const GO_TEST_TIMEOUT_MS = 10 * 60_000

/** Whether Python agents work with the Go registry, in both of its deployments, and nothing is left behind. */
export async function integrate(
  project: Project,
  options: IntegrationOptions,
  context: StageContext,
): Promise<StageResult<IntegrationData>> {
  const startedAt = context.now()
  const { only, programs, platform } = options
  const temporary = await mkdtemp(join(context.temporary, 'mesh-'))
  await using shared = surroundings({ logs: options.logs, signal: context.signal })
  const mesh: Mesh = {
    project,
    programs,
    platform,
    surroundings: shared,
    temporary,
    leftovers: [],
    faults: new Set(),
  }
  try {
    const { ofDeployments, tests, scripts } = await runParts(mesh, options, context)
    const faults = faultsOf(mesh)
    await showFaults(faults, context)
    return judge({
      stage: 'go-python-integration',
      attempt: context.attempt,
      commit: context.commit,
      startedAt,
      endedAt: context.now(),
      checks: [
        ...ofDeployments.checks,
        ...(tests?.checks ?? []),
        ...scripts,
        leftNothing(
          mesh,
          only.includes('deployments') || scripts.some(({ verdict }) => verdict !== 'skipped'),
        ),
        ...leftOut(options),
      ],
      required: [
        ...(only.includes('deployments') ? ['ready', ...requiredOf(ofDeployments.checks)] : []),
        ...(only.includes('go-tests') ? ['go-tests'] : []),
      ],
      tools: {},
      data: {
        agents: registeredIn(project, ofDeployments.checks),
        readyMs: ofDeployments.readyMs,
        log: shared.log.file,
        faults,
        slowestGoTests: slowest(tests?.tests ?? []),
      },
    })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** What the parts that were asked for found, run one after the other. */
async function runParts(
  mesh: Mesh,
  { only, deployments, timeoutMs }: IntegrationOptions,
  context: StageContext,
) {
  const { project, temporary } = mesh
  const ofDeployments = only.includes('deployments')
    ? await context.log.task(`agents on ${deployments.join(' and ')}`, () =>
        checkDeployments(mesh, deployments, { timeoutMs, signal: context.signal }),
      )
    : { checks: [], readyMs: {} }
  const tests = only.includes('go-tests')
    ? await goTests(project, GO_TEST_TIMEOUT_MS, { ...context, temporary })
    : undefined
  const scripts = only.includes('scripts') ? await runScripts(mesh, context) : []
  context.signal.throwIfAborted()
  return { ofDeployments, tests, scripts }
}

/** The same lines that the summary has, in the step's log. */
async function showFaults(faults: readonly Fault[], { log }: StageContext): Promise<void> {
  for (const { service, lines } of faults) {
    await log.task(`the last lines of ${service}`, async (output) => {
      for (const line of lines) output(neutralise(line))
    })
  }
}

async function checkDeployments(
  mesh: Mesh,
  names: IntegrationOptions['deployments'],
  options: DeploymentOptions,
): Promise<{ readonly checks: readonly Check[]; readonly readyMs: Readonly<Record<string, number>> }> {
  const found = await inTurns(names, mesh, options)
  const ready = found.filter(
    (one): one is [(typeof one)[0], CheckedDeployment & { readyMs: number }] => one[1].readyMs !== undefined,
  )
  const answers = new Map(found.flatMap(([name, { answers: some }]) => (some ? [[name, some] as const] : [])))
  const checks = found.flatMap(([, deployment]) => deployment.checks)
  const embedded = checks.some(({ id }) => id === 'same-code/packages')
    ? []
    : [await embeddedCheck(mesh.project, undefined, undefined, options.signal)]
  return {
    checks: [...(await withControl(checks, mesh, options)), ...embedded, answersCheck(answers)],
    readyMs: Object.fromEntries(ready.map(([name, { readyMs }]) => [name, readyMs])),
  }
}

/** Checks deployments side by side; those to which mesh.yml gives the same port one after the other. */
async function inTurns(
  names: IntegrationOptions['deployments'],
  mesh: Mesh,
  options: DeploymentOptions,
): Promise<readonly (readonly [DeploymentName, CheckedDeployment])[]> {
  const { deployments } = mesh.project.config
  const last = new Map<number, Promise<unknown>>()
  return allEnded(
    names.map(async (name) => {
      const { port } = deployments[name]
      const before = last.get(port)
      const checked = (async () => {
        await before
        return checkDeployment(name, mesh, options)
      })()
      if (port !== 0) last.set(port, checked)
      return [name, await checked] as const
    }),
  )
}

/** Where a registry was ready, agents must have been asked. */
function requiredOf(checks: readonly Check[]): readonly string[] {
  return checks.some(({ id, verdict }) => id.startsWith('ready/') && verdict === 'pass')
    ? ['health', 'same-code', 'registers', 'stops']
    : []
}

function registeredIn(project: Project, checks: readonly Check[]): readonly string[] {
  return project.config.integration.agents
    .filter(({ name }) =>
      checks.some(
        ({ id, verdict }) => /^registers\//.test(id) && id.endsWith(`/${name}`) && verdict === 'pass',
      ),
    )
    .flatMap(({ registers }) => registers)
}

/** What is still there after all services; where there was none, this says nothing for the stage either. */
function leftNothing({ leftovers }: Mesh, started: boolean): Check {
  const check = { id: 'left-nothing', title: 'no service left a process behind' }
  if (!started) return { ...check, verdict: 'skipped', detail: 'nothing was started' }
  if (leftovers.length === 0) return { ...check, verdict: 'pass', detail: 'every process was gone' }
  return { ...check, verdict: 'fail', detail: `still running, and ended now: ${leftovers.join(', ')}` }
}

/** What was not asked for is not passed over in silence. */
function leftOut({ only, deployments }: IntegrationOptions): readonly Check[] {
  const parts = PARTS.filter((part) => !only.includes(part)).map((part) => `part ${part}`)
  const others = only.includes('deployments')
    ? GO_DEPLOYMENTS.filter((name) => !deployments.includes(name)).map((name) => `deployment ${name}`)
    : []
  return [...parts, ...others].map((name) => ({
    id: `left-out/${name.replace(' ', '-')}`,
    title: `${name} is checked`,
    verdict: 'skipped',
    detail: 'it was left out',
  }))
}
