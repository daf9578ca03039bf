import { dirname } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import { type Answer, askVersion } from './ask.ts'
import { everyGoOnPath, type GoOnPath } from './on-path.ts'
import { type NamedRequest, unsuited } from './request.ts'
import { type FoundGo, OWN_GOROOT, type Search, unproved } from './search.ts'
import { type CacheEntry, cacheRoots, entriesIn, executableIn, isComplete } from './tool-cache.ts'
import { compareVersions, formatVersion, type GoVersion } from './version.ts'

/** The Go that is on the machine before anything is fetched. */
export interface Installed {
  readonly onPath: readonly (GoOnPath & { readonly answer: Answer })[]
  readonly caches: readonly { readonly root: string; readonly entries: readonly CacheEntry[] }[]
}

/** Asks every `go` on PATH for its version, and lists the tool caches. */
export async function survey(search: Search): Promise<Installed> {
  const { places } = search
  const onPath = await everyGoOnPath(places)
  const answers = onPath.map(async (go) => ({ ...go, answer: await answerOf(go, search) }))
  const caches = cacheRoots(places).map(async (root) => ({ root, entries: await entriesIn(root) }))
  return { onPath: await allEnded(answers), caches: await allEnded(caches) }
}

/** GOROOT of another Go must not speak against this one; a Go that has none of its own is asked with what there is. */
async function answerOf({ executable }: GoOnPath, { places, limits }: Search): Promise<Answer> {
  const answer = await askVersion(executable, places, limits, OWN_GOROOT)
  return 'broken' in answer && places.environment.GOROOT ? askVersion(executable, places, limits) : answer
}

/** Every version that is there and looks whole. */
export function versionsOf({ onPath, caches }: Installed): readonly GoVersion[] {
  const said = onPath.flatMap(({ answer }) => ('version' in answer ? [answer.version] : []))
  const kept = caches.flatMap(({ entries }) => entries.filter(isComplete))
  return [...said, ...kept.map(({ version }) => version)]
}

/** The newest that is there and serves a range; for any other request the first one, PATH before the tool cache. */
export async function fromHere(
  request: NamedRequest,
  installed: Installed,
  search: Search,
): Promise<FoundGo | undefined> {
  const onPath = fromPath(request, installed, search)
  if (!onPath) return fromToolCache(request, installed, search)
  if (request.kind !== 'patch-of') return onPath.found
  const newer = installed.caches.map(({ root, entries }) => ({
    root,
    entries: entries.filter(({ version }) => compareVersions(version, onPath.version) > 0),
  }))
  const suited = newer.flatMap(({ entries }) => entries).some(({ version }) => !unsuited(request, version))
  const cached = suited ? await fromToolCache(request, { ...installed, caches: newer }, search) : undefined
  if (!cached) return onPath.found
  search.passOver(
    'PATH',
    `${onPath.found.executable} is ${onPath.found.version}, older than ${cached.version}`,
  )
  return cached
}

interface OnPath {
  readonly version: GoVersion
  readonly found: FoundGo
}

/** The first Go on PATH that serves; of a range the newest. */
function fromPath(request: NamedRequest, { onPath }: Installed, search: Search): OnPath | undefined {
  if (onPath.length === 0) search.passOver('PATH', 'there is no go')
  let best: OnPath | undefined
  for (const { executable, directory, first, answer } of onPath) {
    if (best && request.kind !== 'patch-of') break
    const reason = 'broken' in answer ? answer.broken : unsuited(request, answer.version)
    if (reason !== undefined || 'broken' in answer) {
      search.passOver('PATH', `${executable} ${reason}`)
      continue
    }
    const { version } = answer
    if (best && compareVersions(version, best.version) <= 0) continue
    const addToPath = first ? undefined : directory
    best = { version, found: { version: formatVersion(version), executable, addToPath, where: 'PATH' } }
  }
  return best
}

/** The newest Go in the tool cache that serves. */
async function fromToolCache(
  request: NamedRequest,
  { caches }: Installed,
  search: Search,
): Promise<FoundGo | undefined> {
  // The newest of each root comes first there, and not yet over all.
  const entries = caches
    .flatMap((cache) => cache.entries)
    .toSorted((a, b) => compareVersions(b.version, a.version))
  if (entries.length === 0) {
    search.passOver('tool cache', `there is no Go in ${caches.map(({ root }) => root).join(' and ')}`)
  }
  for (const entry of entries) {
    const reason = unsuited(request, entry.version)
    const why = reason ? `${entry.directory} ${reason}` : await unusable(entry, search)
    if (why === undefined) return foundIn(entry, 'tool cache')
    search.passOver('tool cache', why)
  }
  return undefined
}

/** What is found when a tool cache's entry is used. */
export function foundIn({ version, directory }: CacheEntry, where: string): FoundGo {
  const executable = executableIn(directory)
  return { version: formatVersion(version), executable, addToPath: dirname(executable), where }
}

async function unusable(entry: CacheEntry, search: Search): Promise<string | undefined> {
  if (!isComplete(entry)) return `${entry.directory} is half-written: there is no ${entry.marker}`
  return unproved(executableIn(entry.directory), entry.version, search)
}

/** The first release that can fetch other toolchains. */
const FIRST_THAT_FETCHES: GoVersion = { major: 1, minor: 21, patch: 0, preRelease: undefined }

/** A Go 1.21 or later through which others can be fetched, on PATH or in the tool cache. */
export async function goThatFetches(
  { onPath, caches }: Installed,
  search: Search,
): Promise<string | undefined> {
  const fetches = (version: GoVersion) => compareVersions(version, FIRST_THAT_FETCHES) >= 0
  const ready = onPath.find(({ answer }) => 'version' in answer && fetches(answer.version))
  if (ready) return ready.executable
  for (const entry of caches.flatMap(({ entries }) => entries)) {
    if (fetches(entry.version) && (await unusable(entry, search)) === undefined) {
      return executableIn(entry.directory)
    }
  }
  return undefined
}
