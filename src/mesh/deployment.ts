import { join } from 'node:path'
import { nameAndPid } from '../process/process-table.ts'
import { startService } from '../process/services/index.ts'
import { answers, jsonFieldIs, printsLine, type Readiness } from '../process/services/readiness.ts'
import type { Service } from '../process/services/service.ts'
import type { Stopped } from '../process/services/stop.ts'
import type { Surroundings } from '../process/services/surroundings.ts'
import type { MeshConfig, Project } from '../project/load.ts'
import { fill } from './placeholders.ts'

/** A way to start a registry: standalone, embedded, reference. */
export type DeploymentName = keyof MeshConfig['deployments']

/** What everything shares that a stage starts of a mesh. */
export interface Mesh {
  readonly project: Project
  /** Absolute paths of the verified programs that are started for {registry} and {cli}. */
  readonly programs: { readonly registry?: string | undefined; readonly cli?: string | undefined }
  /** GOOS/GOARCH that programs were looked for; undefined in a stage that starts none. */
  readonly platform?: string | undefined
  readonly surroundings: Surroundings
  /** An existing folder for data and temporary files. */
  readonly temporary: string
  /** Takes what a service was found to have left running when it ended, as `name (pid) of service`. */
  readonly leftovers: string[]
  /** Takes the names of the services that something red lies with. */
  readonly faults: Set<string>
}

/** Notes what a service left. One that was killed had no chance to end what it had started. */
export function noteLeftovers(service: string, stopped: Stopped | undefined, { leftovers }: Mesh): void {
  if (!stopped || stopped.killed) return
  leftovers.push(...stopped.leftovers.map((left) => `${nameAndPid(left)} of ${service}`))
  if (stopped.portHeldBy !== undefined) leftovers.push(`${stopped.portHeldBy} at the port of ${service}`)
}

/** How long a registry may take to end after SIGTERM. */
export const REGISTRY_GRACE_MS = 10_000

/**
 * Starts a registry in one of its deployments, with its data in an existing folder, and waits until it is ready.
 * Rejects with a ServiceFailure when it is not.
 */
export async function startDeployment(
  name: DeploymentName,
  data: string,
  mesh: Mesh,
  label: string = name,
): Promise<Service> {
  const { port, ready, timeout } = mesh.project.config.deployments[name]
  return startService(
    {
      name: label,
      command: (address) => deploymentCommand(name, data, address, mesh),
      port: port === 0 ? 'free' : port,
      readiness: readinessOf(ready),
      timeoutMs: timeout,
      graceMs: REGISTRY_GRACE_MS,
      temporary: join(mesh.temporary, label),
    },
    mesh.surroundings,
  )
}

/** The command of a deployment for an address, with everything that tells it where to listen and to keep its data. */
export function deploymentCommand(
  name: DeploymentName,
  data: string,
  { host, port, url }: { readonly host: string; readonly port: number; readonly url: string },
  mesh: Mesh,
) {
  const { project } = mesh
  const { run, env, directory } = project.config.deployments[name]
  return {
    argv: fill(run, mesh, { port, url }),
    cwd: project.resolve(directory),
    env: { ...registryEnvironment(host, port, join(data, 'registry.db')), ...env },
  }
}

/** What tells a registry where to listen and to keep its data, by all the names that are in use for it. */
export function registryEnvironment(
  host: string,
  port: number,
  database: string,
): Readonly<Record<string, string>> {
  return {
    HOST: host,
    PORT: String(port),
    MCP_MESH_REGISTRY_HOST: host,
    MCP_MESH_REGISTRY_PORT: String(port),
    MCP_MESH_DB_PATH: database,
    DATABASE_URL: `sqlite:///${database}`,
  }
}

/** What mesh.yml calls ready. */
export function readinessOf(ready: MeshConfig['deployments'][DeploymentName]['ready']): Readiness {
  if ('log' in ready && ready.log !== undefined) return printsLine(new RegExp(ready.log))
  if ('field' in ready && ready.field !== undefined && ready.equals !== undefined) {
    return jsonFieldIs(ready.path, ready.field, ready.equals)
  }
  return answers(ready.path, ready.status)
}
