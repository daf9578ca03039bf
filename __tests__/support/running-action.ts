import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ActionName } from '../../src/actions/index.ts'
import { kebabCase } from '../../src/platform/declare.ts'
import { COMMIT } from './stage-context.ts'
import { NODE_24, ROOT } from './suite.ts'

const MAIN = join(ROOT, 'src', 'main.ts')

/** A step of a workflow, run from the sources, or its post step. */
export interface RunningStep extends AsyncDisposable {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => void
  /** How it ended, and all that it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly printed: string }>
}

/** A runner's job on a project, with folders of its own beside it; the files of commands are as the runner has them. */
export function job(folder: string, project: string) {
  const temporary = join(folder, 'runner-temp')
  const [state, variables] = [join(folder, 'state'), join(folder, 'env')]
  mkdirSync(temporary)
  for (const file of [state, variables]) writeFileSync(file, '')
  const start = (entry: 'run' | 'post', name: ActionName, environment: NodeJS.ProcessEnv): RunningStep => {
    const code = `import { ${entry} } from ${JSON.stringify(MAIN)}; await ${entry}('${name}')`
    const child = spawn(NODE_24, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...{ ...process.env, NODE_OPTIONS: '', GITHUB_WORKSPACE: project, GITHUB_SHA: COMMIT },
        ...{ GITHUB_SERVER_URL: 'https://github.example.com', RUNNER_TEMP: temporary },
        ...{ GITHUB_STATE: state, GITHUB_ENV: variables },
        ...environment,
      },
    })
    const printed: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk))
    const ended = new Promise<{ code: number | null; printed: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, printed: Buffer.concat(printed).toString() })),
    )
    if (child.pid === undefined) throw new Error('Node did not start')
    return {
      pid: child.pid,
      kill: (signal) => child.kill(signal),
      ended,
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL')
        await ended
      },
    }
  }
  return {
    temporary,
    run: (
      name: ActionName,
      inputs: Readonly<Record<string, string>> = {},
      environment: Readonly<Record<string, string>> = {},
    ) =>
      start('run', name, {
        ...environment,
        ...Object.fromEntries(
          Object.entries(inputs).map(([input, text]) => [`INPUT_${kebabCase(input).toUpperCase()}`, text]),
        ),
      }),
    /** With what the step left in its state, as a runner hands it over. */
    post: (name: ActionName) =>
      start(
        'post',
        name,
        Object.fromEntries(Object.entries(valuesIn(state)).map(([key, value]) => [`STATE_${key}`, value])),
      ),
    state: () => valuesIn(state),
    /** What the steps that follow would find in their environment. */
    variables: () => valuesIn(variables),
  }
}

/** What a step wrote into one of its files: each value stands between delimiters. */
function valuesIn(file: string): Readonly<Record<string, string>> {
  const text = readFileSync(file, 'utf8')
  return Object.fromEntries(
    [...text.matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm)].map(([, name, , value]) => [name, value]),
  )
}

/** Resolves when a file is there. Its folder must be. */
export async function appears(file: string): Promise<void> {
  if (existsSync(file)) return
  await new Promise<void>((resolve) => {
    const watcher = watch(dirname(file), () => {
      if (!existsSync(file)) return
      watcher.close()
      resolve()
    })
    // It may have come before the watcher.
    if (existsSync(file)) {
      watcher.close()
      resolve()
    }
  })
}
