import { constants, existsSync } from 'node:fs'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { succeeded } from '../../../process/run.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import { folderBeside } from '../../../toolchain/half-made.ts'
import { complaint, runIn } from './ask.ts'
import { CACHE_ARCH } from './platform.ts'
import { type Search, unproved } from './search.ts'
import { type CacheEntry, cacheEntry, cacheRoots, executableIn, isComplete } from './tool-cache.ts'
import { formatVersion, type GoVersion } from './version.ts'

/** How often, and how far apart, another job that is just putting the same Go in place is given time. */
const LOOKS = 10
const BETWEEN_LOOKS_MS = 100

/**
 * Unpacks an archive of Go into the tool cache, or, where that cannot be written to, into the user's cache folder.
 * The entry; undefined when no place would take it, each of which was then passed over with its reason.
 */
export async function keep(
  archive: string,
  version: GoVersion,
  search: Search,
): Promise<CacheEntry | undefined> {
  for (const root of cacheRoots(search.places)) {
    const entry = cacheEntry(root, version)
    const reason = await install(archive, root, entry, search)
    if (reason === undefined) {
      search.places.log.info(`archive: Go ${formatVersion(version)} is kept in ${entry.directory}`)
      return entry
    }
    search.passOver('archive', `cannot be kept in ${root}: ${reason}`)
  }
  return undefined
}

/**
 * Unpacks beside the entry, runs what came of it, and only then renames it into place and writes the marker: whatever
 * happens on the way, nothing half-written looks installed. Why it did not work, or undefined.
 */
async function install(
  archive: string,
  root: string,
  entry: CacheEntry,
  search: Search,
): Promise<string | undefined> {
  const folder = dirname(entry.directory)
  let beside: string | undefined
  try {
    await mkdir(root, { recursive: true })
    // Asked for itself: of a read-only disk a recursive mkdir says only that the folder is not there.
    await access(root, constants.W_OK)
    await mkdir(folder, { recursive: true })
    beside = await folderBeside(join(folder, `.${CACHE_ARCH}`))
    const unpacked = join(beside, 'go')
    // A folder of mkdtemp's is closed to other users, as a tool cache is not.
    await mkdir(unpacked)
    const reason =
      (await unpack(archive, unpacked, search)) ??
      (await unproved(executableIn(unpacked), entry.version, search))
    return reason ?? (await putInPlace(unpacked, entry, join(beside, 'half-written'), search))
  } catch (error) {
    search.places.signal.throwIfAborted()
    const isOfFiles = (error as NodeJS.ErrnoException).syscall !== undefined
    if (isOfFiles || error instanceof ConfigurationError) return (error as Error).message
    throw error
  } finally {
    if (beside !== undefined) await rm(beside, { recursive: true, force: true })
  }
}

async function unpack(archive: string, folder: string, search: Search): Promise<string | undefined> {
  // Windows' tar reads zip as well.
  const argv = ['tar', '-xf', archive, '-C', folder, '--strip-components=1']
  const outcome = await runIn(search.places, argv, { timeoutMs: search.limits.archiveMs })
  return succeeded(outcome) ? undefined : `tar: ${complaint(outcome)}`
}

async function putInPlace(
  unpacked: string,
  entry: CacheEntry,
  aside: string,
  search: Search,
): Promise<string | undefined> {
  if (!(await renamed(unpacked, entry.directory))) {
    if (await completedByAnother(entry, search)) {
      return unproved(executableIn(entry.directory), entry.version, search)
    }
    // Nobody is at work on it: it was left half-written.
    await renamed(entry.directory, aside)
    if (!(await renamed(unpacked, entry.directory)) && !(await completedByAnother(entry, search))) {
      return `another job is changing ${entry.directory}`
    }
  }
  await writeFile(entry.marker, '')
  return undefined
}

/** False when something else stands there already, or when there is nothing to rename any more. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Windows says EPERM of a folder that is not empty.
    const taken = code === 'ENOTEMPTY' || code === 'EEXIST' || (code === 'EPERM' && existsSync(to))
    if (taken || (code === 'ENOENT' && !existsSync(from))) return false
    throw error
  }
}

/** Another job writes its marker right after its rename; the wait is only for that moment. */
async function completedByAnother(entry: CacheEntry, { places }: Search): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if (isComplete(entry)) return true
    await delay(BETWEEN_LOOKS_MS, undefined, { signal: places.signal })
  }
  return isComplete(entry)
}
