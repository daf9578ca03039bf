import type { Command } from 'commander'

interface ActFlags {
  readonly project: string
  readonly workflow?: string
}

/** Adds `act` to the program; `done` takes its exit code. */
export function defineAct(program: Command, done: (code: number) => void): void {
  program
    .command('act')
    .description(
      "runs the project's workflow under act on this machine, offline, with this copy of the suite",
    )
    .argument('[act-arguments...]', 'after --: arguments for act, the event first if it is another one')
    .option('--project <dir>', 'folder of the project', '.')
    .option(
      '--workflow <file>',
      'the workflow, relative to the project; default the one that names the suite',
    )
    .action(async (args: string[], flags: ActFlags) => {
      const { runUnderAct } = await import('./act/index.ts')
      done(await runUnderAct(flags.project, flags.workflow, args))
    })
}
