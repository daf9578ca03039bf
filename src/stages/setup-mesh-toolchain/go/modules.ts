import type { Environment } from '../../../process/environment.ts'
import { type Outcome, run, succeeded } from '../../../process/run.ts'
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
  return { ...check, verdict: 'fail', ...causeOf(outcome) }
}

/** How Go tells of a proxy's answer; the lines after it are whatever the server wrote. */
const ANSWER = /^go: (.*: reading (https?):\/\/([^/\s]+)\/\S*: (\d{3}) .*)$/
/** How git tells that it had no password, or none that was taken. */
const NO_PASSWORD =
  /(?:could not read (?:Username|Password)|Authentication failed) for '(https?):\/\/([^/']+)/

function causeOf(outcome: Outcome): Pick<Check, 'detail' | 'fix'> {
  for (const line of outcome.tail) {
    const [, told, scheme, server = '', status] = ANSWER.exec(line) ?? []
    if (status === '401') return passwordWanted(scheme, server)
    if (told !== undefined) return { detail: told }
    const [, ofGit, host = ''] = NO_PASSWORD.exec(line) ?? []
    if (ofGit !== undefined) return passwordWanted(ofGit, host)
  }
  return { detail: failureOf(outcome) }
}

function passwordWanted(scheme: string | undefined, server: string): Pick<Check, 'detail' | 'fix'> {
  const host = server.replace(/^.*@/, '')
  return {
    detail: `${host} asked for a password, and was given none that it takes`,
    fix:
      scheme === 'https'
        ? `netrc needs a line "machine ${host} login ... password ..."`
        : 'a password is given to https:// alone: name the server so',
  }
}
