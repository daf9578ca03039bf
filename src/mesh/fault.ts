import { neutralise, OUTPUT_PREFIX } from '../process/neutralise.ts'
import type { ServiceFailure } from '../process/services/failure.ts'
import { withLastLine } from './last-line.ts'
import type { Mesh } from './mesh.ts'

/** What a service at fault said last. */
export interface Fault {
  readonly service: string
  /** Safe to print. */
  readonly lines: readonly string[]
}

const LAST_LINES = 20
const LONGEST = 300

/** Notes a service as the one at fault; the clause that says why, with the last thing that it said in brackets. */
export function blamed(
  clause: string,
  { service, tail }: Pick<ServiceFailure, 'service' | 'tail'>,
  { faults }: Mesh,
): string {
  faults.add(service)
  return withLastLine(clause, tail)
}

/** The last lines of each service that was found at fault. */
export function faultsOf({ faults, surroundings }: Mesh): readonly Fault[] {
  return [...faults].map((service) => ({
    service,
    lines: surroundings.log
      .tail(service)
      .slice(-LAST_LINES)
      .map((line) => neutralise(line).slice(OUTPUT_PREFIX.length, OUTPUT_PREFIX.length + LONGEST)),
  }))
}
