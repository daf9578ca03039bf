import * as core from '@actions/core'
import { rememberCommandFiles } from '../platform/command-files.ts'
import { endedVariable, kebabCase } from '../platform/declare.ts'
import { EXIT, exitCode } from '../platform/exit-codes.ts'
import { githubRunner } from '../platform/github.ts'
import { Interrupted, interruption } from '../platform/interruption.ts'
import { mappedStack } from '../platform/mapped-stack.ts'
import { suiteVersion } from '../platform/version.ts'
import { endEarlier, MARK_STATE } from '../process/mark.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { isOpen } from '../result/verdict.ts'
import { type ActionName, loadAction } from './index.ts'

/** The names under which an action leaves what its post step needs: what its own work left, and its mark. */
const STATE = 'mesh'
const MARK = 'mark'

/** Runs an action as a step of a workflow: inputs from the environment, outputs to the runner, an exit code. */
export async function step(name: ActionName): Promise<void> {
  // Before the files are remembered as they are to be: a step that is killed leaves nothing but this.
  core.saveState(MARK, MARK_STATE)
  const files = rememberCommandFiles(process.env)
  try {
    core.info(`mesh-actions ${suiteVersion()}: ${name}`)
    const runner = githubRunner(process.env)
    // Schemas and stages take longer to load than all that comes before them.
    const [{ perform }, declared] = await Promise.all([import('../platform/perform.ts'), loadAction(name)])
    const { outputs, result, cause, environment, state, effective } = await perform(
      declared,
      {
        text: (input) => core.getInput(kebabCase(input)),
        label: (input) => `input "${kebabCase(input)}"`,
        signal: interruption(),
      },
      {
        ...runner,
        show: (...shown) => {
          files.restore()
          return runner.show(...shown)
        },
        summarise: (markdown) => {
          files.restore()
          return runner.summarise(markdown)
        },
      },
    )
    files.restore()
    for (const folder of environment?.path.toReversed() ?? []) core.addPath(folder)
    for (const [variable, value] of Object.entries(environment?.variables ?? {}))
      core.exportVariable(variable, value)
    if (state !== undefined) core.saveState(STATE, state)
    if (declared.post) core.exportVariable(endedVariable(name), 'true')
    for (const [output, value] of Object.entries(outputs)) core.setOutput(kebabCase(output), value)
    process.exitCode = exitCode(effective)
    core.setOutput('cause', effective === 'pass' ? '' : (cause ?? ''))
    if (effective === 'pass' && cause === undefined) return
    const last = effective === 'pass' ? `${name}: ${cause}` : `${name}: ${effective}: ${cause}`
    // The checks have annotations of their own, with their places; a second one would only repeat the first of them.
    if (result?.checks.some(({ verdict }) => isOpen(verdict))) runner.log.info(last)
    else if (effective === 'pass') core.warning(last)
    else core.error(last)
  } catch (error) {
    // Steps that run after a failure read these files as well.
    files.restore()
    process.exitCode = report(error)
  }
}

/**
 * Ends what the step started and left running when it was killed, and runs an action's work at the end of its job. It
 * never fails the job.
 */
export async function postStep(name: ActionName): Promise<void> {
  try {
    const ended = endEarlier(core.getState(MARK))
    if (ended.length > 0) core.warning(`${name}: ended what was left running: ${ended.join(', ')}`)
    const state = core.getState(STATE)
    if (state === '') return
    const declared = await loadAction(name)
    if (!declared.post) return
    const { log, caches } = githubRunner(process.env)
    await declared.post({ state: JSON.parse(state), log, caches, signal: interruption() })
  } catch (error) {
    core.warning(mappedStack(error))
  }
}

/** Says what ended the action early; its exit code. */
function report(error: unknown): number {
  if (error instanceof ConfigurationError) {
    // The report has it from there: such a step leaves no result.
    core.setOutput('cause', error.oneLine)
    const { file, line, column } = error.place ?? {}
    core.error(error.oneLine, {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { startLine: line }),
      ...(column === undefined ? {} : { startColumn: column }),
    })
    return EXIT.configuration
  }
  if (error instanceof Interrupted) {
    core.error('interrupted: nothing was decided')
    return EXIT.interrupted
  }
  core.error(mappedStack(error))
  return 1
}
