import type { Project } from '../../project/load.ts'
import type { StageContext } from '../context.ts'
import type { BuildSettings } from './build.ts'
import type { Toolchain } from './go.ts'
import type { Manifest } from './manifest.ts'
import type { Command } from './plan.ts'

/** What all platforms of one run share. */
export interface BuildRun {
  readonly project: Project
  readonly toolchain: Toolchain
  readonly settings: BuildSettings
  readonly commands: readonly Command[]
  /** Where Go writes, a folder for each platform; what was built stays here until everything is proved. */
  readonly temporary: string
  readonly previous: Manifest | undefined
  readonly context: StageContext
}

/** A platform as it stands in ids of checks and in names of files: linux-amd64. */
export function dashed(platform: string): string {
  return platform.replace('/', '-')
}
