import type { Command } from 'commander'

interface InitFlags {
  readonly project: string
  readonly dryRun?: boolean
  readonly force?: boolean
}

/** Adds `init` to the program; `done` takes its exit code. */
export function defineInit(program: Command, done: (code: number) => void): void {
  program
    .command('init')
    .description('writes what a repository needs: mesh.yml, workflow, Makefile, Dockerfiles, baseline')
    .option('--project <dir>', 'folder of the project', '.')
    .option('--dry-run', 'only show what would be written')
    .option('--force', 'overwrite files that differ; the baseline is never overwritten')
    .action(async (flags: InitFlags) => {
      const { initialise } = await import('./initialise.ts')
      done(await initialise(flags.project, { dryRun: flags.dryRun === true, force: flags.force === true }))
    })
}
