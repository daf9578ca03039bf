import { ending, run, succeeded } from '../../../process/run.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'

const GIT_TIMEOUT_MS = 60_000

/** Where git is asked. */
export interface Repository {
  /** Folder of the project, absolute; it may lie below the root of the repository. */
  readonly directory: string
  readonly signal: AbortSignal
}

/**
 * Asks git, changing nothing; what it prints. Throws a ConfigurationError with git's own words when it refuses:
 * outside of a repository, in one that belongs to somebody else.
 */
export async function git(args: readonly string[], repository: Repository): Promise<string> {
  const answer = await askGit(args, repository)
  if (typeof answer === 'string') return answer
  const reason = answer.said.replace(/^fatal: /, '')
  throw new ConfigurationError(`git ${args[0]}: ${reason}`, {
    fix: reason.startsWith('not a git repository')
      ? 'the guard compares what git tracks: check the project out with git'
      : reason.includes('dubious ownership')
        ? `git config --global --add safe.directory ${repository.directory}`
        : undefined,
  })
}

/** Paths come back quoted, so that no byte of them is lost, and begin at the project, whatever the user has set. */
const PATHS = ['core.quotePath=true', 'status.relativePaths=true']

/** As `git`, for questions to which "no" is an answer: what it said then, in words that are known. */
export async function askGit(
  args: readonly string[],
  { directory, signal }: Repository,
): Promise<string | { readonly said: string }> {
  const outcome = await run(
    ['git', '--literal-pathspecs', '--no-optional-locks', ...PATHS.flatMap((one) => ['-c', one]), ...args],
    { cwd: directory, env: { LC_ALL: 'C' }, timeoutMs: GIT_TIMEOUT_MS, signal, stdout: 'capture' },
  )
  if (succeeded(outcome)) return outcome.stdout
  return { said: outcome.tail.find((line) => line.startsWith('fatal: ')) ?? ending(outcome) }
}

/** The lines of git's answer. */
export function linesOf(answer: string): readonly string[] {
  return answer.split('\n').filter((line) => line !== '')
}
