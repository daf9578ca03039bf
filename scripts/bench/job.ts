import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { NODE_24, ROOT, wallTime } from './commands.ts'

type Variables = Readonly<Record<string, string>>

/** The files through which a step talks to the runner. */
const FILES = ['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']

/** A job whose steps are the suite's actions. */
interface BenchJob {
  /** Runs an action; its wall time in milliseconds. What it leaves for later steps counts for those. */
  step(action: string, inputs: Variables): Promise<number>
  /** Runs what an action does at the end of a job. */
  post(action: string): Promise<number>
}

/**
 * A job on the default branch, on a machine whose caches are in `folder` and are empty: whatever was in it is gone.
 * `environment` is what the runner gives every step beside the usual.
 */
export function benchJob(folder: string, project: string, environment: Variables): BenchJob {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const files = Object.fromEntries(FILES.map((name) => [name, join(folder, name)]))
  for (const file of Object.values(files)) writeFileSync(file, '')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const run = (action: string, file: string, changes: Variables) => {
    const path = read('GITHUB_PATH').split('\n').filter(Boolean).reverse()
    return wallTime([NODE_24, join(ROOT, 'dist', action, file)], {
      cwd: project,
      env: {
        XDG_CACHE_HOME: join(folder, 'cache'),
        GOCACHE: join(folder, 'cache', 'go-build'),
        RUNNER_TEMP: folder,
        GITHUB_WORKSPACE: project,
        GITHUB_EVENT_NAME: 'push',
        GITHUB_REF: 'refs/heads/main',
        INPUT_UPLOAD: 'false',
        ...files,
        ...environment,
        ...Object.fromEntries(valuesIn(read('GITHUB_ENV'))),
        PATH: [...path, process.env.PATH].join(delimiter),
        ...changes,
      },
    })
  }
  return {
    step: (action, inputs) => run(action, 'index.js', inputs),
    post(action) {
      const state = valuesIn(read('GITHUB_STATE')).map(([name, value]) => [`STATE_${name}`, value])
      return run(action, 'post.js', Object.fromEntries(state))
    },
  }
}

/** What a step wrote for the runner: a name, <<, a delimiter; the value; the delimiter. */
function valuesIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/^(\w+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(
    ([, name = '', , value = '']) => [name, value] as const,
  )
}
