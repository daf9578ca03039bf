import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { type Ended, execute, NODE_24, ROOT } from './suite.ts'

const MAIN = join(ROOT, 'src', 'main.ts')

/** Runs the command line from the sources. */
export function sourceCli(
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; onStart?: (child: ChildProcess) => void },
): Promise<Ended> {
  const [node = '', ...rest] = sourceCliCommand(args)
  const env = { ...process.env, NODE_OPTIONS: '', ...options.env }
  return execute(node, rest, { ...options, env })
}

/** The command that runs it; its environment needs NODE_OPTIONS without jest's. */
export function sourceCliCommand(args: readonly string[]): readonly string[] {
  const code = `import { cli } from ${JSON.stringify(MAIN)}; await cli(process.argv.slice(1))`
  return [NODE_24, '--input-type=module', '--eval', code, '--', ...args]
}
