import { posix } from 'node:path'
import type { MeshConfig } from '../project/load.ts'
import { programName } from '../project/program-name.ts'
import { isUnder } from './listing.ts'
import type { Survey } from './survey.ts'

/** A Go command of a project. */
export interface Program {
  /** In go.commands. */
  readonly name: string
  /** Of its package, as go.commands has it. */
  readonly path: string
  /** What its binary is called, without platform. */
  readonly program: string
}

/** The commands of a project whose code is there. */
export function programsOf({ go }: MeshConfig, found: Survey): readonly Program[] {
  const { module } = found.go ?? {}
  if (module === undefined) return []
  return Object.entries(go.commands)
    .map(([name, path]) => ({ name, path, program: programName(module, posix.normalize(path)) }))
    .filter(({ path }) => {
      const folder = posix.join(go.directory, path)
      return found.listing.files.some((file) => file.endsWith('.go') && isUnder(file, folder))
    })
}
