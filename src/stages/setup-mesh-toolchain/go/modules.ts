import type { Environment } from '../../../process/environment.ts'
import { run, succeeded } from '../../../process/run.ts'
import type { Project } from '../../../project/load.ts'
import type { Check } from '../../../result/stage-result.ts'
import { failureOf } from '../../../toolchain/command.ts'
import type { FoundTool } from '../../../toolchain/tool.ts'
import type { StageContext } from '../../context.ts'

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000

/** Fetches the modules that go.mod names, so that later steps find them here. */
export async function modulesCheck(
  project: Project,
  go: FoundTool,
  env: Environment,
  { log, signal, temporary }: StageContext,
): Promise<Check> {
  const check = { id: 'modules', title: 'the Go modules are here' }
  const outcome = await log.task('go mod download', (output) =>
    run([go.executable, 'mod', 'download'], {
      cwd: project.resolve(project.config.go.directory),
      env,
      temporary,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      signal,
      output,
    }),
  )
  if (succeeded(outcome)) return { ...check, verdict: 'pass', detail: 'fetched, or here already' }
  return { ...check, verdict: 'fail', detail: failureOf(outcome) }
}
