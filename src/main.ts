import type { ActionName } from './actions/index.ts'

// The suite is one bundle; what a start does not need stays in a chunk that is not read.

/** Runs an action as a step of a workflow. What every dist/<action>/index.js calls. */
export async function run(name: ActionName): Promise<void> {
  const { step } = await import('./actions/step.ts')
  await step(name)
}

/** Runs an action's work at the end of its job. What every dist/<action>/post.js calls. */
export async function post(name: ActionName): Promise<void> {
  const { postStep } = await import('./actions/step.ts')
  await postStep(name)
}

/** Runs the command line with the arguments after the program's name. What dist/cli/index.js calls. */
export async function cli(argv: readonly string[]): Promise<void> {
  const { main } = await import('./cli/main.ts')
  // Who has read enough (`| head`) ends no run: verdict, results and what is cleaned up do not hang on a reader.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  process.exitCode = await main(argv)
}

/** Carries out one request to the cache service. What platform/own-process.ts starts. */
export async function cacheClient(request: string): Promise<void> {
  const { carryOut } = await import('./platform/cache-client.ts')
  await carryOut(JSON.parse(request))
}
