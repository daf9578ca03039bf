import { posix } from 'node:path'
import type { Check } from '../../result/stage-result.ts'
import type { CommandBuild } from './build.ts'
import type { BuildRun } from './build-run.ts'
import { type CompilerError, compilerErrors } from './compiler-errors.ts'
import { firstComplaint } from './go.ts'
import type { Command } from './plan.ts'

/** Why a command was not built, as the rest of its check: what Go complained of, and where in the project. */
export function notBuilt(
  { command, outcome }: CommandBuild,
  { project, commands }: Pick<BuildRun, 'project' | 'commands'>,
): Pick<Check, 'verdict' | 'detail' | 'fix' | 'location'> {
  const errors = errorsOf(command, compilerErrors(outcome.tail), commands)
  const first = errors[0]
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const silent = outcome.code === 0 ? `${command.package} is not a main package` : firstComplaint(outcome)
  const location = first && locationIn(project.config.go.directory, first)
  return {
    verdict: 'fail',
    detail: first ? `${location ? '' : `${first.file}:${first.line}: `}${first.message}${more}` : silent,
    fix: `try ${outcome.pasteable}`,
    ...(location ? { location } : {}),
  }
}

/** The place of a complaint in the project; undefined when it is elsewhere, as in the module cache. */
function locationIn(directory: string, { file, line, column }: CompilerError): Check['location'] {
  const path = posix.join(directory, file)
  if (posix.isAbsolute(file) || path.startsWith('../')) return undefined
  return { file: path, line, ...(column === undefined ? {} : { column }) }
}

/**
 * Which complaints of a build are the cause of one command: those in its own package, since Go compiles that only
 * when all it imports is whole; else those outside of the other commands' packages; else all.
 */
function errorsOf(
  command: Command,
  errors: readonly CompilerError[],
  commands: readonly Command[],
): readonly CompilerError[] {
  const inPackageOf = (one: Command) => (error: CompilerError) =>
    posix.dirname(error.file) === posix.normalize(one.package)
  const own = errors.filter(inPackageOf(command))
  const shared = errors.filter((error) => !commands.some((one) => inPackageOf(one)(error)))
  return [own, shared, errors].find((some) => some.length > 0) ?? []
}
