import type { Command } from 'commander'

interface DoctorFlags {
  readonly project: string
  readonly json?: boolean
}

/** Adds `doctor` to the program; `done` takes its exit code. */
export function defineDoctor(program: Command, done: (code: number) => void): void {
  program
    .command('doctor')
    .description('says what this machine has for each stage, and what would help where something is missing')
    .option('--project <dir>', 'folder of the project, which says the versions', '.')
    .option('--json', 'print it as JSON')
    .action(async (flags: DoctorFlags) => {
      const { examine } = await import('./doctor/index.ts')
      done(await examine(flags.project, flags.json === true))
    })
}
