import { join } from 'node:path'
import { startService } from '../process/services/index.ts'
import { answers, jsonFieldIs, printsLine, type Readiness } from '../process/services/readiness.ts'
import type { Service } from '../process/services/service.ts'
import type { MeshConfig } from '../project/load.ts'
import type { Mesh } from './mesh.ts'
import { fill } from './placeholders.ts'

/** A way to start a registry: standalone, embedded, reference. */
export type DeploymentName = keyof MeshConfig['deployments']

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
