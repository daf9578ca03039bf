import { mkdir, mkdtemp, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { type Mesh, noteLeftovers, startDeployment } from '../../mesh/deployment.ts'
import { fill } from '../../mesh/placeholders.ts'
import { ending, run, succeeded } from '../../process/run.ts'
import { ServiceFailure } from '../../process/services/failure.ts'
import type { Check } from '../../result/stage-result.ts'
import type { StageContext } from '../context.ts'
import { withLastLine } from './one-deployment.ts'

const SCRIPT_TIMEOUT_MS = 10 * 60_000

/**
 * Runs the project's own integration tests, one after another, each with a registry of its own at MCP_MESH_REGISTRY_URL
 * and the programs on PATH.
 */
export async function runScripts(mesh: Mesh, context: StageContext): Promise<readonly Check[]> {
  const { scripts } = mesh.project.config.integration
  if (scripts.length === 0) return []
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
  { log, signal }: StageContext,
): Promise<Pick<Check, 'verdict' | 'detail'>> {
  try {
    const data = await mkdtemp(join(mesh.temporary, 'script-'))
    await using registry = await startDeployment(
      'standalone',
      data,
      mesh,
      `standalone-for-script-${index + 1}`,
    )
    const outcome = await registry.during((over) =>
      log.task(script.join(' '), (output) =>
        run(fill(script, { ...mesh.programs, port: registry.port, url: registry.url }), {
          cwd: mesh.project.directory,
          env: {
            MCP_MESH_REGISTRY_URL: registry.url,
            PATH: [folder, process.env.PATH].join(delimiter),
          },
          timeoutMs: SCRIPT_TIMEOUT_MS,
          signal: AbortSignal.any([signal, over]),
          output,
        }),
      ),
    )
    noteLeftovers(registry.name, await registry.stop(), mesh)
    if (succeeded(outcome)) return { verdict: 'pass', detail: ending(outcome) }
    const last = outcome.tail.findLast((line) => line.trim() !== '')?.trim()
    return { verdict: 'fail', detail: `${ending(outcome)}${last ? ` (${last.slice(0, 300)})` : ''}` }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error
    return { verdict: 'fail', detail: withLastLine(error) }
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
