import type { Project } from '../../project/load.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { ENGINE_FIX, findEngine } from '../../stages/docker-smoke/engine.ts'
import { goHere, pythonHere, type ToolHere } from '../../stages/setup-mesh-toolchain/here.ts'
import { ACT_FIX, findAct } from '../act/find-act.ts'
import { onPath } from '../on-path.ts'

/** What stages need, and what is good to have beside. */
export type ToolName = 'node' | 'git' | 'go' | 'python' | 'uv' | 'docker' | 'act'

/** A tool on this machine. */
export interface Tool {
  readonly name: ToolName
  /** `here`; `fetched`: setup-mesh-toolchain gets it; `missing`. */
  readonly state: 'here' | 'fetched' | 'missing'
  readonly version?: string
  /** Why it is not here, and what would help. */
  readonly lacking?: string
  readonly fix?: string
}

/** Where tools are looked for. */
export type Places = Parameters<typeof goHere>[1]

/** The oldest Node that runs the suite. */
const OLDEST_NODE = 20

/** Every tool, looked for and asked for its version; nothing is fetched. */
export async function toolsOf(project: Project, places: Places): Promise<readonly Tool[]> {
  const [git, go, { python, uv }, engine, act] = await Promise.all([
    onPath('git', /^git version (\S+)/, places.signal),
    goHere(project, places),
    pythonHere(project, places).catch(undecided),
    findEngine(places.signal),
    findAct(places.signal),
  ])
  return [
    nodeHere(),
    found('git', git, 'install git and put it on PATH'),
    tool('go', go, 'install Go 1.21 or later, through which any other is fetched, and put it on PATH'),
    tool('python', python, 'install the Python that is asked for, or any other with pip, or uv'),
    tool('uv', uv, 'install uv; without it pip does the same more slowly'),
    found('docker', typeof engine === 'string' ? { lacking: engine } : engine, ENGINE_FIX),
    found('act', act, ACT_FIX),
  ]
}

function nodeHere(): Tool {
  const version = process.versions.node
  return Number.parseInt(version, 10) >= OLDEST_NODE
    ? { name: 'node', state: 'here', version }
    : missing('node', `this is Node ${version}`, `install Node ${OLDEST_NODE} or later`)
}

function found(
  name: ToolName,
  here: { readonly version: string } | { readonly lacking: string },
  fix: string,
): Tool {
  return 'version' in here ? { name, state: 'here', version: here.version } : missing(name, here.lacking, fix)
}

function tool(name: ToolName, { version, lacking, fetchable }: ToolHere, fix: string): Tool {
  if (version !== undefined) return { name, state: 'here', version }
  return fetchable ? { name, state: 'fetched', lacking, fix } : missing(name, lacking, fix)
}

function missing(name: ToolName, lacking: string, fix: string): Tool {
  return { name, state: 'missing', lacking, fix }
}

/** Packages that exclude each other's Python, say: no machine could have the right one. */
function undecided(error: unknown): { readonly python: ToolHere; readonly uv: ToolHere } {
  if (!(error instanceof ConfigurationError)) throw error
  const lacking = { version: undefined, lacking: error.oneLine, fetchable: false }
  return { python: lacking, uv: { ...lacking, lacking: 'not looked for' } }
}
