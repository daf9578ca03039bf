import { onPath } from '../on-path.ts'

/** What gets act onto a machine. */
export const ACT_FIX =
  'install act 0.2.89 or later and put it on PATH: https://nektosact.com/installation, or ' +
  '"go install github.com/nektos/act@latest", which puts it into the bin folder of GOPATH'

/** The act on PATH, or in words why there is none. */
export function findAct(signal: AbortSignal): ReturnType<typeof onPath> {
  return onPath('act', /^act version (\S+)/m, signal)
}
