import { Command, CommanderError } from 'commander'
import { EXIT } from '../platform/exit-codes.ts'
import { Interrupted } from '../platform/interruption.ts'
import { mappedStack } from '../platform/mapped-stack.ts'
import { suiteVersion } from '../platform/version.ts'
import { ConfigurationError } from '../result/configuration-error.ts'
import { defineAct } from './act.ts'
import { defineBaseline } from './baseline.ts'
import { defineDoctor } from './doctor.ts'
import { defineInit } from './init.ts'
import { defineReport } from './report.ts'
import { defineRun } from './run.ts'

/** The command line: parses, runs, reports; the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0
  const program = new Command('mesh-actions')
    .description('Proves that a service mesh loses nothing on its way from Python to Go')
    .version(suiteVersion())
    // A flag after `run` is run's own: --version stamps there.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
  const done = (result: number) => {
    code = result
  }
  await defineRun(program, done)
  defineBaseline(program, done)
  defineReport(program, done)
  defineInit(program, done)
  defineDoctor(program, done)
  defineAct(program, done)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.configuration
    if (error instanceof ConfigurationError) {
      process.stderr.write(`error: ${error.oneLine}\n`)
      return EXIT.configuration
    }
    if (error instanceof Interrupted) {
      process.stderr.write('interrupted\n')
      return EXIT.interrupted
    }
    process.stderr.write(`${mappedStack(error)}\n`)
    return 1
  }
}
