import { isAbsolute } from 'node:path'
import { succeeded } from '../../../process/run.ts'
import type { FoundTool, ToolPlaces } from '../../../toolchain/tool.ts'
import { runIn } from './ask.ts'
import { LIMITS } from './options.ts'
import { OWN_GOROOT } from './search.ts'

/**
 * What the steps that follow must have in their environment so that a `go` there is the Go that was found, whatever
 * the environment or `go env -w` says now. `written` is what was asked for: go.mod or a version.
 */
export async function goVariables(
  go: FoundTool,
  written: string,
  places: ToolPlaces,
): Promise<Readonly<Record<string, string>>> {
  return { GOTOOLCHAIN: toolchainSetting(written, places), ...(await ownRoot(go, places)) }
}

/**
 * Who asked for a version gets that one and no other. For go.mod the Go that was found serves, and it may still switch
 * for another module of the repository that needs a newer one, where nobody has forbidden that.
 */
function toolchainSetting(written: string, { environment }: ToolPlaces): string {
  return written.trim() === 'go.mod' && environment.GOTOOLCHAIN !== 'local' ? 'auto' : 'local'
}

/** GOROOT of another Go makes this one compile with the other's tools; a step cannot unset it, only set it right. */
async function ownRoot(go: FoundTool, places: ToolPlaces): Promise<{ readonly GOROOT?: string }> {
  const { GOROOT } = places.environment
  if (!GOROOT) return {}
  const outcome = await runIn(places, [go.executable, 'env', 'GOROOT'], {
    env: { ...OWN_GOROOT, GOTOOLCHAIN: 'local' },
    timeoutMs: LIMITS.answerMs,
    stdout: 'capture',
  })
  const own = outcome.stdout.trim()
  // A Go that does not know its own lives by the one that it was given.
  return succeeded(outcome) && isAbsolute(own) && own !== GOROOT ? { GOROOT: own } : {}
}
