import { join, relative } from 'node:path'
import type { Command } from 'commander'
import type { Performed } from '../platform/perform.ts'
import type { Log } from '../process/log.ts'
import type { FlagValues } from './flags.ts'

/** Adds `report` to the program; `done` takes its exit code. */
export function defineReport(program: Command, done: (code: number) => void): void {
  program
    .command('report')
    .description('draws what the last runs found as one page: report.html, with junit.xml and report.json')
    .option('--project <dir>', 'folder of the project', '.')
    .option('--out <dir>', 'folder of the results, relative to the project; default .mesh')
    .action(async (flags: FlagValues) => {
      const { exitCode } = await import('../platform/exit-codes.ts')
      const { interruption } = await import('../platform/interruption.ts')
      const print = (line: string) => void process.stdout.write(`${line}\n`)
      const log: Log = { info: print, warn: print, task: (_, work) => work(print) }
      const { outputs, cause, effective } = await drawReport(flags, log, interruption())
      print(cause ?? 'everything in it is proven')
      print(pageOf(outputs))
      done(exitCode(effective))
    })
}

/** Draws the report from the folder of results; `refused` says why stages of this run have none, by their names. */
export async function drawReport(
  flags: FlagValues,
  log: Log,
  signal: AbortSignal,
  refused: ReadonlyMap<string, string> = new Map(),
): Promise<Performed> {
  const [{ loadReport }, { perform }, { flagLabel }, { terminalRunner }] = await Promise.all([
    import('../actions/index.ts'),
    import('../platform/perform.ts'),
    import('./flags.ts'),
    import('./terminal.ts'),
  ])
  const given: Readonly<Record<string, string>> = {
    workingDirectory: String(flags.project ?? '.'),
    config: String(flags.config ?? ''),
    evidence: 'folder',
    uploadReport: 'false',
  }
  return perform(
    await loadReport(refused),
    {
      text: (name) => given[name] ?? '',
      label: flagLabel,
      out: typeof flags.out === 'string' ? flags.out : undefined,
      signal,
    },
    terminalRunner(log),
  )
}

/** The page of a report that was drawn, as a user opens it from here. */
export function pageOf(outputs: Performed['outputs']): string {
  const page = join(String(outputs.report), 'report.html')
  const here = relative(process.cwd(), page)
  return here.startsWith('..') ? page : here
}
