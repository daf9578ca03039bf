import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parsed } from '../../mesh/registry.ts'
import { run, succeeded } from '../../process/run.ts'
import { ask } from '../../process/services/ask.ts'
import type { Service } from '../../process/services/service.ts'
import type { MeshConfig, Project } from '../../project/load.ts'
import type { Check } from '../../result/stage-result.ts'
import { cgoEnvironment, tagFlags } from './go-build.ts'

const LIST_TIMEOUT_MS = 120_000
const REQUEST_MS = 5_000

/**
 * Whether the registry in the CLI is the one of its own: everything that the registry's command is made of is in the
 * CLI's too, or the CLI starts the verified registry as a child.
 */
export async function embeddedCheck(
  project: Project,
  embedded: Service | undefined,
  registry: string | undefined,
  signal: AbortSignal,
): Promise<Check> {
  const check = { id: 'same-code/packages', title: 'the CLI embeds the same registry' }
  const { commands } = project.config.go
  const [own, cli] = [commands.registry, commands.cli]
  if (own === undefined || cli === undefined) {
    return { ...check, verdict: 'skipped', detail: 'go.commands has no registry or no cli' }
  }
  const child = embedded && registry ? await verifiedChild(embedded, registry) : undefined
  if (child !== undefined)
    return { ...check, verdict: 'pass', detail: `it starts the verified registry (${child})` }
  const [ofRegistry, ofCli] = await Promise.all([
    dependencies(own, project, signal),
    dependencies(cli, project, signal),
  ])
  if (typeof ofRegistry === 'string') return { ...check, verdict: 'inconclusive', detail: ofRegistry }
  if (typeof ofCli === 'string') return { ...check, verdict: 'inconclusive', detail: ofCli }
  // Its package main is its own, and cannot be imported.
  const wanted = ofRegistry.slice(0, -1)
  const inCli = new Set(ofCli.map(({ path }) => path))
  const lacking = wanted.filter(({ path }) => !inCli.has(path)).map(({ path }) => path)
  if (lacking.length > 0) {
    return {
      ...check,
      verdict: 'fail',
      detail: `${cli} lacks ${lacking.slice(0, 5).join(', ')}${lacking.length > 5 ? ` and ${lacking.length - 5} more` : ''} of ${own}`,
      fix: 'let both commands import the same package, or let the CLI start the registry',
    }
  }
  if (!wanted.some(({ ofProject }) => ofProject)) {
    return {
      ...check,
      verdict: 'inconclusive',
      detail: `${own} imports no package of the project's, so ${cli} may hold another registry`,
      fix: 'move the registry out of its package main into one that both commands import',
    }
  }
  return { ...check, verdict: 'pass', detail: `all ${wanted.length} packages of ${own} are in ${cli}` }
}

interface Dependency {
  /** Import path. */
  readonly path: string
  /** Whether its source is the project's, and no module's that anybody may use. */
  readonly ofProject: boolean
}

/** A module of the project's is a main one, or one that a folder was put in the place of. */
const OF_PROJECT =
  '{{with .Module}}{{if .Main}}of-project{{else}}{{with .Replace}}{{if not .Version}}of-project{{end}}{{end}}{{end}}{{end}}'
/** A line for each package: nothing for the standard library's, which are in every program. */
const LISTED = `{{if not .Standard}}{{.ImportPath}} ${OF_PROJECT}{{end}}`

/** Every package behind a command but those of the standard library, itself last; or why they cannot be listed. */
async function dependencies(
  command: string,
  project: Project,
  signal: AbortSignal,
): Promise<readonly Dependency[] | string> {
  const { go } = project.config
  const outcome = await run(['go', 'list', '-deps', '-f', LISTED, ...tagFlags(go.tags), command], {
    cwd: project.resolve(go.directory),
    env: cgoEnvironment(go),
    timeoutMs: LIST_TIMEOUT_MS,
    signal,
    stdout: 'capture',
  })
  if (!succeeded(outcome)) return `go list -deps ${command}: ${outcome.tail.at(-1) ?? 'failed'}`
  return outcome.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [path = '', of] = line.split(' ')
      return { path, ofProject: of === 'of-project' }
    })
}

/** The process of the CLI or below it that runs the very file of the registry, by hash; undefined where none does. */
async function verifiedChild(embedded: Service, registry: string): Promise<string | undefined> {
  const wanted = await sha256(registry)
  for (const { pid, name } of embedded.members()) {
    // Only Linux tells which file a process runs.
    const found = await sha256(`/proc/${pid}/exe`).catch(() => undefined)
    if (found !== undefined && found === wanted) return `${name}, ${pid}`
  }
  return undefined
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: string
}

/**
 * Requests whose answers say how a registry speaks, also to mistakes. None of them leaves anything behind, since what
 * would write holds nothing that even a lenient registry could take.
 */
function requestsOf({ deployments }: MeshConfig): readonly Request[] {
  const healthy = new Set([deployments.standalone.ready.path, deployments.embedded.ready.path])
  return [
    ...[...healthy].map((path) => ({ method: 'GET', path })),
    { method: 'GET', path: '/agents' },
    { method: 'GET', path: '/agents/no-such-agent' },
    { method: 'GET', path: '/capabilities' },
    { method: 'GET', path: '/no-such-route' },
    { method: 'POST', path: '/agents/register', body: 'no json' },
    { method: 'POST', path: '/heartbeat', body: 'no json' },
    { method: 'PUT', path: '/agents', body: 'no json' },
  ]
}

/** How a registry answers: for each request `GET /health` its status and the shape of its JSON. */
export type Answers = ReadonlyMap<string, string>

/** Asks a registry that nobody has registered with yet. */
export async function answersOf(
  registry: string,
  { config }: Project,
  signal: AbortSignal,
): Promise<Answers> {
  const answers = new Map<string, string>()
  for (const one of requestsOf(config)) {
    const key = `${one.method} ${one.path}${one.body === undefined ? '' : ` ${one.body}`}`
    answers.set(key, await answerTo(registry, one, signal))
  }
  return answers
}

async function answerTo(
  registry: string,
  { method, path, body }: Request,
  signal: AbortSignal,
): Promise<string> {
  const answer = await ask(`${registry}${path}`, { method, body, limitMs: REQUEST_MS, signal })
  if (answer.kind === 'answered') return `${answer.status} ${shape(parsed(answer.body))}`
  return answer.kind === 'refused' ? 'no answer: nothing listens there' : `no answer: ${answer.why}`
}

/** The names and types of a JSON document, without its values: {"count":number}. */
export function shape(document: unknown): string {
  if (document === undefined) return 'no JSON'
  if (Array.isArray(document)) return `[${[...new Set(document.map(shape))].sort().join('|')}]`
  if (document === null || typeof document !== 'object') return document === null ? 'null' : typeof document
  const members = Object.entries(document).map(([name, value]) => `${JSON.stringify(name)}:${shape(value)}`)
  return `{${members.sort().join(',')}}`
}

/** Whether two deployments answer alike. */
export function answersCheck(deployments: ReadonlyMap<string, Answers>): Check {
  const check = { id: 'same-code/answers', title: 'all deployments of the Go registry answer alike' }
  const [first, ...others] = deployments
  if (!first || others.length === 0) {
    return { ...check, verdict: 'skipped', detail: 'fewer than two deployments answer' }
  }
  for (const [name, answers] of others) {
    for (const [key, answer] of first[1]) {
      if (answers.get(key) === answer) continue
      return {
        ...check,
        verdict: 'fail',
        detail: `${key}: ${first[0]} answers ${answer}, ${name} answers ${answers.get(key)}`,
      }
    }
  }
  return { ...check, verdict: 'pass', detail: `${first[1].size} requests, the same status and shape` }
}
