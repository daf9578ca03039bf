import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { ConfigurationError } from '../result/configuration-error.ts'
import { acceptBinaries } from '../stages/cross-compile-go/accept.ts'
import { type Binary, MANIFEST } from '../stages/cross-compile-go/manifest.ts'
import { sourcesHash } from '../stages/cross-compile-go/sources.ts'
import { HOST_PLATFORM } from '../stages/setup-mesh-toolchain/go/platform.ts'
import { type BinariesContext, buildResults, fetchBinaries, refuseRed } from './binaries.ts'

/** The programs that later stages start: absolute paths by the names that the placeholders have. */
export interface VerifiedPrograms {
  readonly registry?: string
  readonly cli?: string
}

/**
 * The binaries of this machine's platform, each held against its hash and the commit: from the folder that was named,
 * else from go.output, else from the artifact of this run. Throws a ConfigurationError where there are none.
 */
export async function verifiedPrograms(
  context: BinariesContext,
  folder: string | undefined,
): Promise<VerifiedPrograms> {
  const { place, binaries } = await verifiedBinaries(context, folder)
  const here = binaries.filter(({ platform }) => platform === HOST_PLATFORM)
  if (here.length === 0) {
    throw new ConfigurationError(
      `none of the binaries in ${place} is for ${HOST_PLATFORM}, which this machine is`,
      { fix: 'build them here: cross-compile-go always builds for its own machine as well' },
    )
  }
  return Object.fromEntries(here.map(({ command, path }) => [command, join(place, path)]))
}

/** The binaries of all platforms, from the same places, with the folder that they are in. */
export async function verifiedBinaries(
  context: BinariesContext,
  folder: string | undefined,
): Promise<{ readonly place: string; readonly binaries: readonly Binary[] }> {
  const { project, stage, out, forgivesInconclusive } = context
  const { directory, output } = project.config.go
  const own = project.resolve(directory, output)
  const place = folder === undefined ? own : project.resolve(folder)
  if (folder === undefined && !existsSync(join(place, MANIFEST)))
    await fetched(context, posix.join(directory, output))
  if (folder !== undefined && !existsSync(join(place, MANIFEST))) {
    throw new ConfigurationError(
      `binaries: ${folder} ${existsSync(place) ? `has no ${MANIFEST}` : 'does not exist'}`,
      {
        fix: 'name the folder that cross-compile-go or download-binaries filled, relative to the project, or leave it out',
      },
    )
  }
  let sources: string | undefined
  if (place === own) {
    // A result of another commit is of binaries that are not these.
    const results = (await buildResults(out)).filter(({ commit }) => commit === stage.commit)
    refuseRed(`in ${posix.join(directory, output)}`, results, forgivesInconclusive)
    // A runner vouches for its checkout, in which steps of the job may generate more.
    if (context.place.commit === undefined) sources = await sourcesHash(project.resolve(directory), stage)
  }
  return { place, binaries: (await acceptBinaries(place, stage.commit, sources)).binaries }
}

async function fetched(context: BinariesContext, output: string): Promise<void> {
  try {
    await fetchBinaries(context)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    throw new ConfigurationError(`no binaries: ${output} has none, and ${error.message}`, {
      fix: error.fix ?? 'run cross-compile-go first',
    })
  }
}
