import { run, succeeded } from '../../process/run.ts'
import { ConfigurationError } from '../../result/configuration-error.ts'

/** The act on PATH, or what is wrong and what would help. */
export type ActSearch = { readonly version: string } | { readonly missing: string; readonly fix: string }

const FIX =
  'install act 0.2.89 or later and put it on PATH: https://nektosact.com/installation, or ' +
  '"go install github.com/nektos/act@latest", which puts it into the bin folder of GOPATH'

/** Asks the act on PATH for its version. */
export async function findAct(signal: AbortSignal): Promise<ActSearch> {
  try {
    const outcome = await run(['act', '--version'], {
      cwd: process.cwd(),
      timeoutMs: 30_000,
      signal,
      stdout: 'capture',
    })
    const version = /^act version (\S+)/m.exec(outcome.stdout)?.[1]
    if (succeeded(outcome) && version !== undefined) return { version }
    return { missing: 'the act on PATH is not the one that runs workflows', fix: FIX }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return { missing: 'there is no act on PATH', fix: FIX }
  }
}
