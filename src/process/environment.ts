/** A process's environment; a name that is absent or undefined is not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Files through which a step talks to the runner: who can write them can forge outputs, PATH and summaries. */
const RUNNER_FILES = new Set([
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
])

/** ACTIONS_* holds the tokens of the artifact and cache services; INPUT_* and STATE_* are the action's own. */
const RUNNER_PREFIXES = ['ACTIONS_', 'INPUT_', 'STATE_']

/**
 * Where git finds the repository that a hook runs for, and what is being committed there. A child that asks git, or
 * makes a repository to test with, means the one that it stands in.
 */
const HOOK_REPOSITORY = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
])

/**
 * The environment for a child: the given one without what belongs to the action or to a hook of git alone, with
 * `changes` (undefined unsets). RUNNER_TRACKING_ID stays, so that the runner can find orphans itself.
 */
export function childEnvironment(base: Environment, changes: Environment = {}): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !isPrivate(name)))
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...kept, ...changes })) {
    if (value !== undefined) environment[name] = value
  }
  return environment
}

/**
 * The longest folder that children get for their temporary files, in characters: sockets are made there, whose whole
 * path may have about a hundred, and Python's multiprocessing adds thirty of its own.
 */
const LONGEST_TEMPORARY = 70

/** The variables by which a child puts its temporary files into a folder; none for a folder with too long a path. */
export function temporaryVariables(folder: string | undefined): Environment {
  if (folder === undefined || folder.length > LONGEST_TEMPORARY) return {}
  return { TMPDIR: folder, TMP: folder, TEMP: folder }
}

function isPrivate(name: string): boolean {
  // Names of environment variables ignore case on Windows.
  const upper = name.toUpperCase()
  return (
    RUNNER_FILES.has(upper) ||
    HOOK_REPOSITORY.has(upper) ||
    RUNNER_PREFIXES.some((prefix) => upper.startsWith(prefix))
  )
}
