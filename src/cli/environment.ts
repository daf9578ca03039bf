import { delimiter } from 'node:path'
import type { EnvironmentChange } from '../platform/declare.ts'

/** The stages that follow run in this process and start their programs with its environment. */
export function applyEnvironment(change: EnvironmentChange | undefined): void {
  if (!change) return
  process.env.PATH = [...change.path, process.env.PATH].join(delimiter)
  Object.assign(process.env, change.variables)
}
