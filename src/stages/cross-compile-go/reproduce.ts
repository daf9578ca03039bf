import { mkdtemp, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { allEnded } from '../../process/all-ended.ts'
import type { Check } from '../../result/stage-result.ts'
import { runBefore } from './before.ts'
import { buildPlatform } from './build.ts'
import { type BuildRun, dashed } from './build-run.ts'
import { copyProject } from './copy-project.ts'
import { firstComplaint } from './go.ts'
import { sha256 } from './hash.ts'
import type { Binary } from './manifest.ts'

/**
 * Builds again where nothing of the first build can help (another folder, no .git, an empty build cache) and holds
 * each binary against the first: a check for every one that the first build made. What could not be built a second
 * time proves nothing of the bytes.
 */
export async function buildAgain(
  build: BuildRun,
  platforms: readonly string[],
  binaries: readonly Binary[],
): Promise<readonly Check[]> {
  const { project, settings, context } = build
  const folder = await mkdtemp(join(build.temporary, 'again-'))
  const directory = await copyProject(project.directory, join(folder, 'source'), settings.signal)
  const prepared = await runBefore(project.config.before, directory, context)
  const broken = prepared.find(({ verdict }) => verdict !== 'pass')
  if (broken) return binaries.map((first) => unbuilt(first, `${broken.title}: ${broken.detail}`))

  const limit = pLimit(availableParallelism())
  const checks = await allEnded(
    platforms.map((platform) =>
      limit(() => {
        settings.signal.throwIfAborted()
        return comparePlatform(platform, { folder, directory }, build, binaries)
      }),
    ),
  )
  return checks.flat()
}

async function comparePlatform(
  platform: string,
  { folder, directory }: { readonly folder: string; readonly directory: string },
  { project, commands, settings, temporary }: BuildRun,
  binaries: readonly Binary[],
): Promise<readonly Check[]> {
  const place = {
    module: join(directory, project.config.go.directory),
    folder: join(folder, dashed(platform)),
    temporary,
    env: { GOCACHE: join(folder, 'cache') },
  }
  const wanted = commands.flatMap((command) => {
    const first = binaries.find((one) => one.command === command.name && one.platform === platform)
    return first ? [{ command, first }] : []
  })
  if (wanted.length === 0) return []
  const builds = await buildPlatform(
    platform,
    wanted.map(({ command }) => command),
    place,
    settings,
    () => undefined,
  )
  const compared = wanted.map(async ({ command, first }) => {
    const second = builds.find((one) => one.command === command)
    const bytes = second && (await readFile(second.file).catch(() => undefined))
    return bytes ? comparison(first, sha256(bytes)) : unbuilt(first, second && firstComplaint(second.outcome))
  })
  return Promise.all(compared)
}

function comparison(first: Binary, second: string): Check {
  return second === first.sha256
    ? { ...question(first), verdict: 'pass' }
    : {
        ...question(first),
        verdict: 'fail',
        detail: `a second build gave ${second}, not ${first.sha256}`,
      }
}

function unbuilt(first: Binary, why: string | undefined): Check {
  return { ...question(first), verdict: 'inconclusive', detail: `could not be built a second time: ${why}` }
}

function question({ command, platform, path }: Binary): Pick<Check, 'id' | 'title'> {
  return { id: `reproducible/${command}/${dashed(platform)}`, title: `${path} is built alike elsewhere` }
}
