import { nameAndPid } from '../process/process-table.ts'
import type { Stopped } from '../process/services/stop.ts'
import type { Surroundings } from '../process/services/surroundings.ts'
import type { Project } from '../project/load.ts'

/** What everything shares that a stage starts of a mesh. */
export interface Mesh {
  readonly project: Project
  /** Absolute paths of the verified programs that are started for {registry} and {cli}. */
  readonly programs: { readonly registry?: string | undefined; readonly cli?: string | undefined }
  /** GOOS/GOARCH that programs were looked for; undefined in a stage that starts none. */
  readonly platform?: string | undefined
  readonly surroundings: Surroundings
  /** An existing folder for data and temporary files. */
  readonly temporary: string
  /** Takes what a service was found to have left running when it ended, as `name (pid) of service`. */
  readonly leftovers: string[]
  /** Takes the names of the services that something red lies with. */
  readonly faults: Set<string>
}

/** Notes what a service left. One that was killed had no chance to end what it had started. */
export function noteLeftovers(service: string, stopped: Stopped | undefined, { leftovers }: Mesh): void {
  if (!stopped || stopped.killed) return
  leftovers.push(...stopped.leftovers.map((left) => `${nameAndPid(left)} of ${service}`))
  if (stopped.portHeldBy !== undefined) leftovers.push(`${stopped.portHeldBy} at the port of ${service}`)
}
