import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const SRC = new URL('../../src/', import.meta.url).href

/** A Node process that runs the suite's source: a second supervisor, or one that can be killed. */
export interface SourceProcess extends AsyncDisposable {
  readonly child: ChildProcess & { readonly pid: number }
  /** Its next line of output; rejects when there is none any more. */
  line(): Promise<string>
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>
}

/**
 * Starts a module of JavaScript in which `SRC` is the address of src/. Node 24 reads the TypeScript itself. Its
 * standard input is a pipe that stays open.
 */
export function sourceProcess(script: string): SourceProcess {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', `const SRC = ${JSON.stringify(SRC)}\n${script}`],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  )
  if (child.pid === undefined) throw new Error('Node did not start')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  return {
    child: child as ChildProcess & { pid: number },
    async line() {
      const { value, done } = await lines.next()
      if (done) throw new Error('it ended without another line')
      return value
    },
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
