import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { runAmongServices } from '../../mesh/command.ts'
import { startDeployment } from '../../mesh/deployment.ts'
import { blamed } from '../../mesh/fault.ts'
import { type Mesh, noteLeftovers } from '../../mesh/mesh.ts'
import { fill } from '../../mesh/placeholders.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'

const SCRIPT_TIMEOUT_MS = 10 * 60_000

/**
 * Runs the project's own integration tests, one after another, each with a registry of its own at MCP_MESH_REGISTRY_URL
 * and the programs on PATH.
 */
export async function runScripts(mesh: Mesh, context: StageContext): Promise<readonly Check[]> {
  const { scripts } = mesh.project.config.integration
  if (scripts.length === 0) {
    const title = 'the integration scripts of the project pass'
    return [{ id: 'scripts', title, verdict: 'skipped', detail: 'integration.scripts is empty' }]
  }
  const folder = await programsFolder(mesh)
  const checks: Check[] = []
  for (const [index, script] of scripts.entries()) {
    const check = { id: `scripts/${index + 1}`, title: `${script.join(' ')} passes` }
    checks.push({ ...check, ...(await runScript(script, index, folder, mesh, context)) })
  }
  return checks
}

async function runScript(
  script: readonly string[],
  index: number,
  folder: string,
  mesh: Mesh,
  { log }: StageContext,
): Promise<Pick<Check, 'verdict' | 'detail'>> {
  try {
    const data = await mkdtemp(join(mesh.temporary, 'script-'))
    await using registry = await startDeployment(
      'standalone',
      data,
      mesh,
      `standalone-for-script-${index + 1}`,
    )
    const command = {
      argv: fill(script, mesh, { port: registry.port, url: registry.url }),
      cwd: mesh.project.directory,
      env: { MCP_MESH_REGISTRY_URL: registry.url, PATH: [folder, process.env.PATH].join(delimiter) },
    }
    const service = `script-${index + 1}`
    const { exit, words, tail } = await registry.during((during) =>
      log.task(script.join(' '), (output) =>
        runAmongServices(service, command, mesh, {
          timeoutMs: SCRIPT_TIMEOUT_MS,
          signal: during,
          output,
        }),
      ),
    )
    noteLeftovers(registry.name, await registry.stop(), mesh)
    if (exit?.code === 0) return { verdict: 'pass', detail: words }
    return { verdict: 'fail', detail: blamed(words, { service, tail }, mesh) }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    noteLeftovers(error.service, error.stopped, mesh)
    return { verdict: 'fail', detail: blamed(error.message, error, mesh) }
  }
}

/** A folder in which the programs have the names that they have when they are installed. */
async function programsFolder({ programs, project, temporary }: Mesh): Promise<string> {
  const folder = join(temporary, 'bin')
  await mkdir(folder)
  for (const [name, path] of Object.entries(programs)) {
    const installed = project.config.go.commands[name]?.split('/').at(-1)
    if (path !== undefined && installed) await symlink(path, join(folder, installed))
  }
  return folder
}
