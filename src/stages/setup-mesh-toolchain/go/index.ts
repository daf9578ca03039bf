import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import type { FoundTool, ToolPlaces } from '../../../toolchain/tool.ts'
import { fromArchive, releasesOfArchive } from './archive.ts'
import { fromHere, goThatFetches, type Installed, survey, versionsOf } from './installed.ts'
import { fromModuleProxy, versionsOfProxy } from './module-proxy.ts'
import { type FindGoOptions, LIMITS, OFFICIAL_ARCHIVE } from './options.ts'
import { type GoRequest, type NamedRequest, nearby, unsuited } from './request.ts'
import type { Search } from './search.ts'
import { formatVersion, type GoVersion, isRelease, newest } from './version.ts'

export type { FindGoOptions } from './options.ts'
export { type GoRequest, readGoRequest } from './request.ts'

/**
 * A Go that serves the request, proved by running it: on PATH, in the tool cache, through the module proxy, or from
 * the official archive, the first place that has one; of a range as 1.24.x the newest that is on PATH or in the tool
 * cache. Every place that does not is logged with its reason.
 * Throws one ConfigurationError when no way is left or no such version exists, and the signal's reason when aborted.
 */
export async function findGo(
  request: GoRequest,
  places: ToolPlaces,
  options: FindGoOptions = {},
): Promise<FoundTool> {
  places.signal.throwIfAborted()
  const folder = await mkdtemp(join(places.temporary, 'go-'))
  try {
    // Go reads the go.mod of the folders above, which could ask for another toolchain: here it ends its search.
    await writeFile(join(folder, 'go.mod'), 'module search\n')
    return await searched(request, { ...places, temporary: folder }, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function searched(request: GoRequest, places: ToolPlaces, options: FindGoOptions): Promise<FoundTool> {
  const passedOver: string[] = []
  const search: Search = {
    places,
    limits: { ...LIMITS, ...options.limits },
    archive: (options.archive ?? OFFICIAL_ARCHIVE).replace(/\/+$/, ''),
    passOver(place, reason) {
      passedOver.push(`${place}: ${reason}`)
      places.log.info(`Go: passed over ${place}: ${reason}`)
    },
  }
  const installed = await survey(search)
  const fetcher = once(() => goThatFetches(installed, search))
  const lists: Lists = {
    proxy: once(async () => versionsOfProxy(await fetcher(), search)),
    archive: once(() => releasesOfArchive(search)),
  }
  const named: NamedRequest =
    request.kind === 'stable' ? await nameStable(request.asked, installed, search, lists) : request

  const found =
    (await fromHere(named, installed, search)) ??
    (await fromModuleProxy(named, await fetcher(), lists.proxy, search)) ??
    (await fromArchive(named, await lists.archive(), search))
  if (!found) throw await noWayLeft(named, passedOver, await fetcher(), lists)
  places.log.info(`Go ${found.version} from ${found.where}: ${found.executable}`)
  return { ...found, passedOver, ...(named.doubt === undefined ? {} : { doubt: named.doubt }) }
}

/** What can be had, asked once and only when it is needed; why not, where it cannot be asked. */
interface Lists {
  proxy(): Promise<readonly GoVersion[] | string>
  archive(): ReturnType<typeof releasesOfArchive>
}

/**
 * The newest release, as the module proxy or else the archive knows it. Where neither can be asked, the newest that is
 * on the machine, with a doubt: whether a newer one exists is then not known.
 */
async function nameStable(
  asked: string,
  installed: Installed,
  search: Search,
  lists: Lists,
): Promise<NamedRequest> {
  const reasons: string[] = []
  const sources = [
    ['module proxy', lists.proxy],
    ['archive', async () => versionsIn(await lists.archive())],
  ] as const
  for (const [place, list] of sources) {
    const versions = await list()
    const version = typeof versions === 'string' ? undefined : newest(versions.filter(isRelease))
    if (version) return { kind: 'exact', version, asked }
    reasons.push(`${place}: ${typeof versions === 'string' ? versions : 'it has no release'}`)
  }
  const why = `${asked}: nobody says which Go is the newest: ${reasons.join('; ')}`
  const here = newest(versionsOf(installed).filter(isRelease))
  if (!here) throw new ConfigurationError(why, { fix: 'install Go 1.21 or later, or ask for a version' })
  const doubt = `${why}; taking the newest that is here, ${formatVersion(here)}`
  search.places.log.warn(doubt)
  return { kind: 'exact', version: here, asked, doubt }
}

async function noWayLeft(
  request: NamedRequest,
  passedOver: readonly string[],
  fetcher: string | undefined,
  lists: Lists,
): Promise<ConfigurationError> {
  const serves = (version: GoVersion) => unsuited(request, version) === undefined
  const official = versionsIn(await lists.archive())
  // The official list is the one place that knows what does not exist.
  if (typeof official !== 'string' && !official.some(serves)) {
    return new ConfigurationError(`${request.asked}: there is no such Go`, { fix: nearby(request, official) })
  }
  const ofProxy = await lists.proxy()
  const wanted = formatVersion(request.version)
  const ways = [
    typeof ofProxy === 'string' || ofProxy.some(serves)
      ? `install Go ${wanted}`
      : `ask for one that the module proxy has: ${nearby(request, ofProxy)}`,
    fetcher === undefined
      ? 'put any Go from 1.21 on PATH, which then fetches this one through the module proxy'
      : `set GOPROXY to a module proxy that has ${wanted}`,
    `let this machine reach the archive`,
  ]
  return new ConfigurationError(`found no Go for ${request.asked}: ${passedOver.join('; ')}`, {
    fix: ways.join(', or '),
  })
}

function versionsIn(releases: Awaited<ReturnType<Lists['archive']>>): readonly GoVersion[] | string {
  return typeof releases === 'string' ? releases : releases.map(({ version }) => version)
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= work()
    return result
  }
}
