import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import type { MeshConfig, Project } from '../../project/load.ts'
import { ConfigurationError, type Place } from '../../result/configuration-error.ts'
import { copyOfBinary } from './copies.ts'
import { instructionsOf } from './dockerfile.ts'

export type ImageSpec = MeshConfig['docker']['images'][string]

/** The images of mesh.yml that were named; all where none was. Throws a ConfigurationError for an unknown name. */
export function chosenImages(
  project: Project,
  names: readonly string[] | undefined,
): readonly (readonly [string, ImageSpec])[] {
  const all = Object.entries(project.config.docker.images)
  const unknown = names?.find((name) => !all.some(([known]) => known === name))
  if (unknown !== undefined) {
    throw new ConfigurationError(`${project.label(['docker', 'images'])} has no image "${unknown}"`, {
      fix: `there are ${all.map(([name]) => name).join(', ')}`,
    })
  }
  return all.filter(([name]) => names === undefined || names.includes(name))
}

/** The Dockerfile of an image that is built. */
export function dockerfileOf({ file }: ImageSpec): string {
  return file ?? 'Dockerfile'
}

/**
 * Where the first of some images takes a binary of cross-compile-go; undefined when all of them do without: they are
 * there already, compile their own, or hold none. `folders` are where the binaries lie, relative to the project.
 */
export async function placeOfCopy(
  project: Project,
  images: readonly (readonly [string, ImageSpec])[],
  folders: readonly string[],
): Promise<Place | undefined> {
  const programs = Object.values(project.config.go.commands).map((path) => posix.basename(path))
  for (const [, spec] of images) {
    if (spec.image !== undefined) continue
    const file = dockerfileOf(spec)
    // That it is missing is the build's to say.
    const text = await readFile(project.resolve(file), 'utf8').catch(() => '')
    const inContext = folders
      .map((folder) => posix.relative(posix.normalize(spec.context), posix.normalize(folder)))
      .filter((folder) => folder !== '' && !folder.startsWith('..'))
    const copy = copyOfBinary(instructionsOf(text), { folders: inContext, programs })
    if (copy) return { file, line: copy.line }
  }
  return undefined
}
