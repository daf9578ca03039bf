import type { AgentSpec } from '../../mesh/agent.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import type { Readiness } from '../../process/services/readiness.ts'
import type { ImageConfig } from './archive.ts'
import type { ImageSpec } from './chosen.ts'

/** An image at work: what is asked of it, and with what. */
export interface Subject {
  readonly name: string
  readonly spec: ImageSpec
  readonly reference: string
  readonly config: ImageConfig
  readonly owner: string
  /** Undefined for an image without a port: it is not a server. */
  readonly port: number | undefined
  readonly readiness: Extract<Readiness, { kind: 'http' }>
  readonly mesh: Mesh
  readonly agents: readonly AgentSpec[]
  /** How long it is left alone before its memory is read. */
  readonly idleMs: number
  readonly signal: AbortSignal
}

/** How every container of an image is made. */
export function runSpec({ reference, owner, spec }: Subject) {
  return { reference, owner, memoryBytes: spec['memory-limit'] }
}
