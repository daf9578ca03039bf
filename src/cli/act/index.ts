import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { interruption } from '../../platform/interruption.ts'
import { SUITE, suiteFolder } from '../../platform/suite.ts'
import { makeTemporary } from '../../platform/temporary-folder.ts'
import { endMarked } from '../../process/mark.ts'
import { OUTPUT_PREFIX } from '../../process/neutralise.ts'
import { run, succeeded } from '../../process/run.ts'
import { guard } from '../../process/watchdog.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'
import { ACT_FIX, findAct } from './find-act.ts'
import { namedRefs } from './named-refs.ts'
import { copySuite } from './suite-copy.ts'
import { chooseWorkflow, eventOf } from './workflow.ts'

/** The labels of GitHub's own Linux runners; on this machine they all mean this machine. */
const LABELS = ['ubuntu-latest', 'ubuntu-24.04', 'ubuntu-22.04']

/**
 * Runs a project's workflow under act, without a network, with this copy of the suite under every ref that is named;
 * the exit code. `args` go to act after the suite's own. Throws a ConfigurationError without act or a workflow.
 */
export async function runUnderAct(
  project: string,
  named: string | undefined,
  args: readonly string[],
): Promise<number> {
  if (!statSync(project, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigurationError(`no folder ${project}`)
  }
  const signal = interruption()
  const { repository, file, text } = chooseWorkflow(project, named)
  const refs = namedRefs(file, readerOf(repository), readerOf(suiteFolder()))
  if (refs.length === 0) throw new ConfigurationError(`${file} uses nothing of ${SUITE}`)
  await requireAct(signal)

  const [event, others] =
    args[0]?.startsWith('-') === false ? [args[0], args.slice(1)] : [eventOf(text), args]
  const temporary = join(tmpdir(), `mesh-act-${randomUUID().slice(0, 8)}`)
  // The copy goes whatever way this process ends.
  await using _watchdog = guard([temporary])
  await makeTemporary(temporary)
  try {
    const suite = join(temporary, 'suite')
    await copySuite(suite)
    const argv = ['act', ...actArguments({ event, repository, file, suite, refs }), ...others]
    const outcome = await run(argv, {
      cwd: repository,
      env: { PATH: pathWithNode() },
      // Whoever wants it to end sooner interrupts it.
      timeoutMs: Number.MAX_SAFE_INTEGER,
      signal,
      output: print,
    })
    return succeeded(outcome) ? 0 : 1
  } finally {
    endMarked()
    await rm(temporary, { recursive: true, force: true })
  }
}

interface ActRun {
  readonly event: string
  readonly repository: string
  readonly file: string
  /** A clean copy of the suite, absolute. */
  readonly suite: string
  readonly refs: readonly string[]
}

/** What act is called with: on this machine instead of in containers, and without asking anybody else. */
export function actArguments({ event, repository, file, suite, refs }: ActRun): readonly string[] {
  return [
    ...[event, '--directory', repository, '--workflows', file],
    ...LABELS.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
    ...refs.flatMap((ref) => ['--local-repository', `${SUITE}@${ref}=${suite}`]),
    ...['--action-offline-mode', '--artifact-server-addr', '127.0.0.1', '--cache-server-addr', '127.0.0.1'],
  ]
}

/** As act wrote it, save in a job of GitHub's, where a line could be a command. */
function print(line: string): void {
  const isJob = process.env.GITHUB_ACTIONS === 'true'
  process.stdout.write(`${isJob ? line : line.slice(OUTPUT_PREFIX.length)}\n`)
}

async function requireAct(signal: AbortSignal): Promise<void> {
  const act = await findAct(signal)
  if ('version' in act) return
  throw new ConfigurationError(act.lacking, { fix: ACT_FIX })
}

function readerOf(folder: string) {
  return (path: string) => {
    const file = join(folder, path)
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  }
}

/** act runs actions with the first node on PATH; where there is none, with the one that runs this. */
function pathWithNode(): string {
  const path = process.env.PATH ?? ''
  const hasNode = path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'node')))
  return hasNode ? path : [path, dirname(process.execPath)].filter((part) => part !== '').join(delimiter)
}
