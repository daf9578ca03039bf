import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DownloadError, downloadFile, downloadJson, type Network } from './download.ts'
import { foundIn } from './installed.ts'
import { keep } from './keep.ts'
import { ARCHIVE_ARCH, GOOS } from './platform.ts'
import { type NamedRequest, toFetch } from './request.ts'
import type { FoundGo, Search } from './search.ts'
import { compareVersions, formatVersion, type GoVersion, parseToolchain } from './version.ts'

const PLACE = 'archive'

/** The part of https://go.dev/dl/?mode=json&include=all that is used. */
const LIST = z.array(
  z.object({
    version: z.string(),
    files: z.array(
      z.object({
        // It becomes a file's name here, and a part of the address.
        filename: z.string().regex(/^[\w.-]+$/),
        os: z.string(),
        arch: z.string(),
        sha256: z.string(),
        kind: z.string(),
      }),
    ),
  }),
)

interface Release {
  readonly version: GoVersion
  /** The archive for this machine; undefined when there is none. */
  readonly file: { readonly filename: string; readonly sha256: string } | undefined
}

/** Every release that the archive has, or why it does not say. */
export async function releasesOfArchive(search: Search): Promise<readonly Release[] | string> {
  const address = `${search.archive}/?mode=json&include=all`
  try {
    const list = LIST.safeParse(await downloadJson(address, network(search, search.limits.listMs)))
    if (!list.success) return `${address}: not a list of releases`
    return list.data.flatMap(({ version: name, files }) => {
      const version = parseToolchain(name)
      const file = files.find((one) => one.kind === 'archive' && one.os === GOOS && one.arch === ARCHIVE_ARCH)
      return version ? [{ version, file }] : []
    })
  } catch (error) {
    if (error instanceof DownloadError) return error.message
    throw error
  }
}

/** Fetches the official archive that serves, holds it against its SHA-256 and keeps it in the tool cache. */
export async function fromArchive(
  request: NamedRequest,
  releases: readonly Release[] | string,
  search: Search,
): Promise<FoundGo | undefined> {
  const passOver = (reason: string) => {
    search.passOver(PLACE, reason)
    return undefined
  }
  if (typeof releases === 'string') return passOver(releases)
  const here = releases.filter(({ file }) => file !== undefined)
  const version = toFetch(
    request,
    here.map((release) => release.version),
  )
  const file = here.find((release) => version && compareVersions(release.version, version) === 0)?.file
  if (!version || !file) return passOver(`it has nothing for ${request.asked} on ${GOOS}/${ARCHIVE_ARCH}`)

  const address = `${search.archive}/${file.filename}`
  const folder = await mkdtemp(join(search.places.temporary, 'go-archive-'))
  try {
    const archive = join(folder, file.filename)
    return await search.places.log.task(`go${formatVersion(version)} from ${address}`, async () => {
      const sha256 = await downloadFile(address, archive, network(search, search.limits.archiveMs))
      if (sha256 !== file.sha256) {
        return passOver(`${address}: its SHA-256 is ${sha256}, but should be ${file.sha256}`)
      }
      const kept = await keep(archive, version, search)
      return kept && foundIn(kept, PLACE)
    })
  } catch (error) {
    if (error instanceof DownloadError) return passOver(error.message)
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function network({ places, limits }: Search, totalMs: number): Network {
  return { environment: places.environment, signal: places.signal, stallMs: limits.stallMs, totalMs }
}
