import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { SUITE } from '../../platform/suite.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'

const FOLDER = join('.github', 'workflows')
const DEFAULT = 'mesh-pipeline.yml'

/** A workflow to run, and the repository that it is of. */
export interface ChosenWorkflow {
  /** Top of the repository, absolute. */
  readonly repository: string
  /** Relative to the repository, with forward slashes. */
  readonly file: string
  readonly text: string
}

/**
 * The workflow that was named, else mesh-pipeline.yml, else the one that uses the suite. Throws a ConfigurationError
 * where there is none, or more than one to choose from.
 */
export function chooseWorkflow(project: string, named: string | undefined): ChosenWorkflow {
  const repository = repositoryOf(resolve(project))
  if (named !== undefined) return read(repository, named)
  const folder = join(repository, FOLDER)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : []
  const using = names.filter((name) => readFileSync(join(folder, name), 'utf8').includes(`${SUITE}`)).sort()
  const [first, ...others] = using.includes(DEFAULT) ? [DEFAULT] : using
  if (first === undefined) {
    throw new ConfigurationError(`no workflow in ${folder} uses ${SUITE}`, {
      fix: 'mesh-actions init writes one, --workflow names another file',
    })
  }
  if (others.length > 0) {
    throw new ConfigurationError(`${using.length} workflows use ${SUITE}: ${using.join(', ')}`, {
      fix: 'choose with --workflow',
    })
  }
  return read(repository, `.github/workflows/${first}`)
}

/** The event that act plays: push where the workflow begins with it, else the first that it begins with. */
export function eventOf(text: string): string {
  const on = (parse(text) as { on?: unknown } | null)?.on
  const events =
    typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(Object(on) as object)
  return events.includes('push') ? 'push' : (events[0] ?? 'push')
}

/** The folder itself, or the one above it that has workflows; a project may lie below the top of its repository. */
function repositoryOf(project: string): string {
  for (let folder = project; ; folder = dirname(folder)) {
    if (existsSync(join(folder, FOLDER))) return folder
    // A repository ends at its .git, which of a worktree is a file.
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return project
  }
}

function read(repository: string, file: string): ChosenWorkflow {
  try {
    const text = readFileSync(join(repository, file), 'utf8')
    return { repository, file: file.replaceAll('\\', '/').replace(/^\.\//, ''), text }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigurationError(`cannot read the workflow ${file} in ${repository}: ${code}`)
  }
}
