import { readdir } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import type { Environment } from '../../../process/environment.ts'
import { type Outcome, succeeded } from '../../../process/run.ts'
import type { ToolPlaces } from '../../../toolchain/tool.ts'
import { complaint, runIn } from './ask.ts'
import { GOARCH, GOOS } from './platform.ts'
import { type NamedRequest, nearby, onlyVersion, toFetch, unsuited } from './request.ts'
import { type FoundGo, OWN_GOROOT, type Search, unproved } from './search.ts'
import { executableIn } from './tool-cache.ts'
import { compareVersions, formatVersion, type GoVersion, parseToolchain } from './version.ts'

const PLACE = 'module proxy'
const NO_FETCHER = 'there is no Go 1.21 or later to fetch another one with'
const MODULE = 'golang.org/toolchain'

/** What Go says when a connection ended too early; anything else would only fail again. */
const BROKEN_CONNECTION = /unexpected EOF|: EOF\b|connection reset|broken pipe|server closed|stream error/

/**
 * Modules on, and no workspace, whatever the project has set: both would keep Go from fetching a toolchain. What is
 * fetched goes into a folder of the suite's own: in the project's module cache it would be saved with the modules.
 */
function plain({ places }: Search, modules = ownModules(places)): Environment {
  const GOFLAGS = [places.environment.GOFLAGS, '-modcacherw'].filter(Boolean).join(' ')
  return { ...OWN_GOROOT, GO111MODULE: 'on', GOWORK: 'off', GOFLAGS, GOMODCACHE: modules }
}

function ownModules({ userCache }: ToolPlaces): string {
  return join(userCache, 'go-toolchains')
}

/**
 * A toolchain as Go itself fetches it, with the proxy and the settings of the environment; Go holds it against the
 * checksum database. What the module cache has already is taken first, without a network.
 */
export async function fromModuleProxy(
  request: NamedRequest,
  fetcher: string | undefined,
  listed: () => Promise<readonly GoVersion[] | string>,
  search: Search,
): Promise<FoundGo | undefined> {
  if (fetcher === undefined) {
    search.passOver(PLACE, NO_FETCHER)
    return undefined
  }
  for (const { version, modules } of await fetchedBefore(fetcher, search)) {
    if (unsuited(request, version)) continue
    const found = await fetchToolchain(fetcher, version, search, modules)
    if (found) return found
  }
  const only = onlyVersion(request)
  if (only) {
    const found = await fetchToolchain(fetcher, only, search)
    if (found) return found
  }
  const available = await listed()
  if (typeof available === 'string') {
    search.passOver(PLACE, available)
    return undefined
  }
  const version = toFetch(request, available)
  if (version === undefined) {
    search.passOver(PLACE, `it has nothing for ${request.asked}; ${nearby(request, available)}`)
    return undefined
  }
  const tried = only !== undefined && compareVersions(only, version) === 0
  return tried ? undefined : fetchToolchain(fetcher, version, search)
}

/** The versions that the proxy has for this machine, or why it does not say. */
export async function versionsOfProxy(
  fetcher: string | undefined,
  search: Search,
): Promise<readonly GoVersion[] | string> {
  const { places, limits } = search
  if (fetcher === undefined) return NO_FETCHER
  const outcome = await retriedOnce(() =>
    // Without -retracted Go fetches and verifies the newest one's go.mod, to learn what it retracts.
    runIn(places, [fetcher, 'list', '-mod=mod', '-m', '-retracted', '-versions', MODULE], {
      env: { ...plain(search), GOTOOLCHAIN: 'local' },
      timeoutMs: limits.listMs,
      stdout: 'capture',
    }),
  )
  if (!succeeded(outcome)) return `its list of versions: ${complaint(outcome)}`
  return outcome.stdout
    .split(/\s+/)
    .map(toolchainOf)
    .filter((version) => version !== undefined)
}

/** A toolchain that lies in a module cache. */
interface FetchedBefore {
  readonly version: GoVersion
  readonly modules: string
}

/** The toolchains in the project's module cache and in the suite's own, the newest first. */
async function fetchedBefore(fetcher: string, { places, limits }: Search): Promise<readonly FetchedBefore[]> {
  const outcome = await runIn(places, [fetcher, 'env', 'GOMODCACHE'], {
    env: { ...OWN_GOROOT, GOTOOLCHAIN: 'local' },
    timeoutMs: limits.answerMs,
    stdout: 'capture',
  })
  const folders = [...(succeeded(outcome) ? [outcome.stdout.trim()] : []), ownModules(places)]
  const found = await allEnded(folders.map(toolchainsIn))
  return found.flat().sort((a, b) => compareVersions(b.version, a.version))
}

async function toolchainsIn(modules: string): Promise<readonly FetchedBefore[]> {
  const names = await readdir(join(modules, dirname(MODULE))).catch(() => [])
  return names
    .map((name) => toolchainOf(name.replace(/^toolchain@/, '')))
    .filter((version) => version !== undefined)
    .map((version) => ({ version, modules }))
}

async function fetchToolchain(
  fetcher: string,
  version: GoVersion,
  search: Search,
  modules?: string,
): Promise<FoundGo | undefined> {
  const { places, limits } = search
  const name = `go${formatVersion(version)}`
  const outcome = await places.log.task(`${name} through the module proxy`, (output) =>
    retriedOnce(() =>
      runIn(places, [fetcher, 'env', 'GOROOT'], {
        env: { ...plain(search, modules), GOTOOLCHAIN: name },
        timeoutMs: limits.moduleMs,
        stdout: 'capture',
        output,
      }),
    ),
  )
  if (!succeeded(outcome)) {
    search.passOver(PLACE, `${name}: ${complaint(outcome)}`)
    return undefined
  }
  const root = outcome.stdout.trim()
  if (!isAbsolute(root)) {
    search.passOver(PLACE, `${name}: ${fetcher} does not say where it is`)
    return undefined
  }
  const executable = executableIn(root)
  const reason = await unproved(executable, version, search)
  if (reason === undefined) {
    return { version: formatVersion(version), executable, addToPath: dirname(executable), where: PLACE }
  }
  search.passOver(PLACE, reason)
  return undefined
}

async function retriedOnce(work: () => Promise<Outcome>): Promise<Outcome> {
  const first = await work()
  const broke = !succeeded(first) && first.tail.some((line) => BROKEN_CONNECTION.test(line))
  return broke ? work() : first
}

/** The Go of a module version, v0.0.1-go1.25.3.linux-amd64, when it is for this machine. */
function toolchainOf(moduleVersion: string): GoVersion | undefined {
  const suffix = `.${GOOS}-${GOARCH}`
  if (!moduleVersion.startsWith('v0.0.1-') || !moduleVersion.endsWith(suffix)) return undefined
  return parseToolchain(moduleVersion.slice('v0.0.1-'.length, -suffix.length))
}
